//! The guest's allocator: free lists by size over an arena that is part of the module.
//!
//! The arena is the memory the module begins with, behind stack and data, so an ordinary call never
//! grows its memory; and it fills from its low end, so what a call touches lies together and the
//! host resets it by copying, without a system call or a page fault. Blocks are reused by size
//! class, so a call of two hours stays where it is. A call that outgrows the arena asks for more
//! pages; the operator's cap decides. Single threaded, as guests are.

#![expect(unsafe_code, reason = "an allocator hands out raw memory")]

use std::ptr;

/// Every block begins at a multiple of this and its size is one too.
const GRAIN_BYTES: usize = 16;
/// Sizes up to 128 bytes have a class each 16; above, four classes for each doubling.
const FINE_CLASSES: usize = 8;
/// Enough for blocks of 2 GiB, more than a guest can address in practice.
const CLASSES: usize = FINE_CLASSES + 4 * 24;
const BLOCK_BYTES_MAX: usize = 1 << 31;

/// Memory from `next` to `end` was never handed out; `free` heads one list for each class.
pub(crate) struct Arena {
    next: usize,
    end: usize,
    free: [usize; CLASSES],
}

impl Arena {
    pub(crate) const fn new() -> Self {
        Self { next: 0, end: 0, free: [0; CLASSES] }
    }

    /// Gives the arena the memory from `start` to `end`; what it had left becomes small change.
    ///
    /// # Safety
    /// Nobody else may use that memory while the arena lives.
    pub(crate) unsafe fn extend(&mut self, start: usize, end: usize) {
        if start == self.end {
            self.end = end;
            return;
        }
        let (rest, rest_end) = (self.next, self.end);
        self.next = round_up(start, GRAIN_BYTES);
        self.end = end;
        // SAFETY: the rest was the arena's own, and is now outside `next..end`.
        unsafe { self.donate(rest, rest_end) };
    }

    /// The address of a block for `size` bytes, or `None` if more memory is needed.
    ///
    /// # Safety
    /// The block must come back through `free` with the same size, or never.
    pub(crate) unsafe fn take(&mut self, size: usize) -> Option<usize> {
        let (class, bytes) = class_of(size)?;
        let head = self.free[class];
        if head != 0 {
            // SAFETY: a free block holds the address of the next one of its class.
            self.free[class] = unsafe { ptr::read(head as *const usize) };
            return Some(head);
        }
        if bytes <= self.end - self.next {
            let block = self.next;
            self.next += bytes;
            return Some(block);
        }
        // SAFETY: as for this function.
        unsafe { self.split(class + 1, bytes) }
    }

    /// Takes `bytes` off the front of a larger free block.
    unsafe fn split(&mut self, from_class: usize, bytes: usize) -> Option<usize> {
        let class = (from_class..CLASSES).find(|class| self.free[*class] != 0)?;
        let block = self.free[class];
        // SAFETY: as in `take`.
        self.free[class] = unsafe { ptr::read(block as *const usize) };
        // SAFETY: the block is ours, and its rest belongs to nobody.
        unsafe { self.donate(block + bytes, block + class_bytes(class)) };
        Some(block)
    }

    /// A block for `size` bytes at a multiple of `align`, above the grain. It is never reused:
    /// such alignments are rare.
    pub(crate) fn take_aligned(&mut self, size: usize, align: usize) -> Option<usize> {
        let block = round_up(self.next, align);
        let after = block.checked_add(round_up(size, GRAIN_BYTES))?;
        if after > self.end {
            return None;
        }
        self.next = after;
        Some(block)
    }

    /// # Safety
    /// `block` came from `take(size)` or `resize(_, _, size)` and is not used any more.
    pub(crate) unsafe fn free(&mut self, block: usize, size: usize) {
        let Some((class, bytes)) = class_of(size) else { return };
        if block + bytes == self.next {
            self.next = block;
            return;
        }
        // SAFETY: every block holds at least one address, and this one is free.
        unsafe { ptr::write(block as *mut usize, self.free[class]) };
        self.free[class] = block;
    }

    /// Whether the block holds `new_size` bytes where it is, growing or shrinking the last block.
    pub(crate) fn resize(&mut self, block: usize, size: usize, new_size: usize) -> bool {
        let (Some((class, bytes)), Some((new_class, new_bytes))) =
            (class_of(size), class_of(new_size))
        else {
            return false;
        };
        if class == new_class {
            return true;
        }
        let fits = block + bytes == self.next && new_bytes <= self.end - block;
        if fits {
            self.next = block + new_bytes;
        }
        fits
    }

    /// Cuts a range into free blocks, the largest first.
    unsafe fn donate(&mut self, mut start: usize, end: usize) {
        while end - start >= GRAIN_BYTES {
            let class = largest_class_within(end - start);
            // SAFETY: the caller gives the range away, and the block lies inside it.
            unsafe { ptr::write(start as *mut usize, self.free[class]) };
            self.free[class] = start;
            start += class_bytes(class);
        }
    }
}

/// The class that holds `size` bytes, and the size of its blocks.
fn class_of(size: usize) -> Option<(usize, usize)> {
    if size > BLOCK_BYTES_MAX {
        return None;
    }
    if size <= FINE_CLASSES * GRAIN_BYTES {
        let class = size.max(1).div_ceil(GRAIN_BYTES) - 1;
        return Some((class, (class + 1) * GRAIN_BYTES));
    }
    let last = size - 1;
    let power = last.ilog2() as usize;
    let quarter = (last >> (power - 2)) & 3;
    let class = FINE_CLASSES + (power - 7) * 4 + quarter;
    Some((class, class_bytes(class)))
}

fn class_bytes(class: usize) -> usize {
    if class < FINE_CLASSES {
        return (class + 1) * GRAIN_BYTES;
    }
    let (power, quarter) = (7 + (class - FINE_CLASSES) / 4, (class - FINE_CLASSES) % 4);
    (5 + quarter) << (power - 2)
}

fn largest_class_within(bytes: usize) -> usize {
    match class_of(bytes) {
        Some((class, exact)) if exact == bytes => class,
        Some((class, _)) => class - 1,
        None => CLASSES - 1,
    }
}

fn round_up(value: usize, to: usize) -> usize {
    value.div_ceil(to) * to
}

#[cfg(target_arch = "wasm32")]
mod global {
    use std::alloc::{GlobalAlloc, Layout};
    use std::arch::wasm32;
    use std::cell::UnsafeCell;
    use std::ptr;

    use super::{Arena, GRAIN_BYTES, round_up};

    unsafe extern "C" {
        /// Where stack and data end, and where the first memory ends: the addresses are the values.
        /// `cargo x playbooks` asks the linker for the space between.
        static __heap_base: u8;
        static __heap_end: u8;
    }

    const PAGE_BYTES: usize = 64 * 1024;
    /// Growth beyond the arena comes in steps of at least this.
    const GROWTH_BYTES_MIN: usize = 256 * 1024;

    struct Guest(UnsafeCell<Arena>);

    // SAFETY: a guest has one thread.
    unsafe impl Sync for Guest {}

    #[global_allocator]
    static GUEST: Guest = Guest(UnsafeCell::new(Arena::new()));

    impl Guest {
        #[expect(clippy::mut_from_ref, reason = "one thread, and never held across a call out")]
        fn arena(&self) -> &mut Arena {
            // SAFETY: one thread, and no caller holds it while another asks.
            unsafe { &mut *self.0.get() }
        }

        /// More memory: the module's own at first, then pages from the host.
        #[cold]
        fn extend(&self, bytes: usize) -> bool {
            let arena = self.arena();
            if arena.end == 0 {
                let (start, end) =
                    (&raw const __heap_base as usize, &raw const __heap_end as usize);
                // SAFETY: the linker gives the heap to the allocator, which is this one.
                unsafe { arena.extend(start, end) };
                return true;
            }
            let Some(wanted) = bytes.checked_add(bytes / 4 + GRAIN_BYTES) else { return false };
            let pages = round_up(wanted.max(GROWTH_BYTES_MIN), PAGE_BYTES) / PAGE_BYTES;
            let before = wasm32::memory_grow::<0>(pages);
            if before == usize::MAX {
                return false;
            }
            let start = before * PAGE_BYTES;
            // SAFETY: the pages are new, so nobody else uses them.
            unsafe { arena.extend(start, start + pages * PAGE_BYTES) };
            true
        }

        fn try_take(&self, layout: Layout) -> Option<usize> {
            if layout.align() > GRAIN_BYTES {
                return self.arena().take_aligned(layout.size(), layout.align());
            }
            // SAFETY: `dealloc` gives it back with the same layout.
            unsafe { self.arena().take(layout.size()) }
        }
    }

    // SAFETY: blocks are disjoint, aligned and large enough, as the arena's tests show.
    unsafe impl GlobalAlloc for Guest {
        #[inline]
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            loop {
                if let Some(block) = self.try_take(layout) {
                    return block as *mut u8;
                }
                if !self.extend(layout.size().saturating_add(layout.align())) {
                    return ptr::null_mut();
                }
            }
        }

        #[inline]
        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            if layout.align() <= GRAIN_BYTES {
                // SAFETY: the caller's promise.
                unsafe { self.arena().free(block as usize, layout.size()) };
            }
        }

        unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
            if layout.align() <= GRAIN_BYTES
                && self.arena().resize(block as usize, layout.size(), new_size)
            {
                return block;
            }
            let Ok(new_layout) = Layout::from_size_align(new_size, layout.align()) else {
                return ptr::null_mut();
            };
            // SAFETY: the layout is not empty, the blocks are disjoint, and the old one is done with.
            unsafe {
                let moved = self.alloc(new_layout);
                if !moved.is_null() {
                    ptr::copy_nonoverlapping(block, moved, layout.size().min(new_size));
                    self.dealloc(block, layout);
                }
                moved
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_their_sizes_and_waste_at_most_a_quarter() {
        for size in (0..70_000).chain([1 << 20, (1 << 20) + 1, BLOCK_BYTES_MAX]) {
            let (class, bytes) = class_of(size).unwrap();
            assert!(class < CLASSES && bytes >= size, "{size}");
            assert_eq!(bytes % GRAIN_BYTES, 0, "{size}");
            assert!(bytes <= size + size / 4 + GRAIN_BYTES, "{size} in {bytes}");
            assert_eq!(bytes, class_bytes(class));
        }
        assert_eq!(class_of(BLOCK_BYTES_MAX + 1), None);
    }

    #[test]
    fn a_range_is_cut_into_blocks_that_fit() {
        for bytes in (GRAIN_BYTES..9_000).step_by(GRAIN_BYTES) {
            let class = largest_class_within(bytes);
            assert!(class_bytes(class) <= bytes);
            assert!(class + 1 == CLASSES || class_bytes(class + 1) > bytes);
        }
    }

    /// Blocks are filled with their own number; an overlap would show at the check.
    struct Bench {
        arena: Arena,
        memory: Vec<u128>,
        live: Vec<(usize, usize, u8)>,
    }

    impl Bench {
        fn new(bytes: usize) -> Self {
            let mut memory = vec![0u128; bytes / 16];
            let start = memory.as_mut_ptr() as usize;
            let mut arena = Arena::new();
            // SAFETY: the memory lives as long as the arena and nobody else writes to it.
            unsafe { arena.extend(start, start + bytes) };
            Self { arena, memory, live: Vec::new() }
        }

        fn take(&mut self, size: usize, mark: u8) -> bool {
            // SAFETY: freed with the same size below.
            let Some(block) = (unsafe { self.arena.take(size) }) else { return false };
            let start = self.memory.as_ptr() as usize;
            assert!(block >= start && block + size <= start + self.memory.len() * 16);
            assert_eq!(block % GRAIN_BYTES, 0);
            // SAFETY: the block was just handed out.
            unsafe { ptr::write_bytes(block as *mut u8, mark, size) };
            self.live.push((block, size, mark));
            true
        }

        fn free(&mut self, index: usize) {
            let (block, size, mark) = self.live.swap_remove(index);
            // SAFETY: still ours.
            let bytes = unsafe { std::slice::from_raw_parts(block as *const u8, size) };
            assert!(bytes.iter().all(|byte| *byte == mark), "block was overwritten");
            // SAFETY: taken with this size, and forgotten now.
            unsafe { self.arena.free(block, size) };
        }
    }

    #[test]
    fn blocks_never_overlap_and_memory_is_reused() {
        let mut bench = Bench::new(256 * 1024);
        let mut seed = 7u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % below
        };
        for step in 0..200_000 {
            if bench.live.len() > 60 || (!bench.live.is_empty() && random(2) == 0) {
                let index = random(bench.live.len());
                bench.free(index);
                continue;
            }
            let size = if random(20) == 0 { random(4_000) } else { random(300) };
            assert!(bench.take(size, step as u8), "out of memory at step {step}");
        }
    }

    #[test]
    fn a_large_block_is_split_when_nothing_else_is_left() {
        let mut bench = Bench::new(1024);
        assert!(bench.take(512, 1) && bench.take(512, 2));
        bench.free(0);
        assert!(bench.take(100, 3) && bench.take(380, 4));
        assert!(!bench.take(100, 5));
    }

    #[test]
    fn the_last_block_grows_in_place() {
        let mut bench = Bench::new(1024);
        assert!(bench.take(16, 1));
        let (block, _, _) = bench.live[0];
        assert!(bench.arena.resize(block, 16, 512));
        assert!(!bench.arena.resize(block, 512, 2048));
        assert!(bench.arena.resize(block, 512, 16));
        assert!(bench.take(16, 2));
        assert!(!bench.arena.resize(block, 16, 64), "a block follows");
    }

    #[test]
    fn over_aligned_blocks_are_aligned() {
        let mut bench = Bench::new(4096);
        let block = bench.arena.take_aligned(100, 256).unwrap();
        assert_eq!(block % 256, 0);
        assert_eq!(bench.arena.take_aligned(8192, 64), None);
    }
}
