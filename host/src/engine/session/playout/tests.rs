use super::*;

/// Loud words of 200 ms with 100 ms of quiet between them, at 24 kHz.
fn speech(words: usize) -> Vec<i16> {
    let mut samples = Vec::new();
    for _ in 0..words {
        samples.extend((0..4800).map(|n| if n % 40 < 20 { 9000i16 } else { -9000 }));
        samples.extend([0i16; 2400]);
    }
    samples
}

fn loud(frame: &Frame) -> bool {
    decode(frame).iter().any(|sample| sample.unsigned_abs() > 3000)
}

fn playing(text: &str) -> Playout {
    let mut playout = Playout::new();
    playout.held = false;
    playout.push(7, text.to_owned());
    playout.feed(7, &speech(text.split(' ').count()));
    playout.seal(7);
    playout
}

fn play(playout: &mut Playout, frames: usize) -> Vec<Frame> {
    (0..frames).map_while(|_| playout.next().frame).collect()
}

#[test]
fn a_pause_is_silent_and_keeps_the_rest() {
    let mut playout = playing("abcd abcd abcd abcd");
    let all = play(&mut playing("abcd abcd abcd abcd"), 1000);
    assert_eq!(play(&mut playout, 20).len(), 20);
    playout.pause();
    assert!(playout.next().frame.is_none() && !playout.is_idle());
    playout.resume();
    let rest = play(&mut playout, 1000);
    assert!(rest.len() >= all.len() - 20);
    assert_eq!(rest, all[all.len() - rest.len()..], "what follows is what was there");
    assert_eq!(playout.take_turn(), "abcd abcd abcd abcd");
}

/// Wherever it was broken off: the broken word comes again, whole and from a quiet frame, and no word
/// that was heard is lost.
#[test]
fn who_goes_on_begins_with_a_whole_word() {
    let text = "abcd abcd abcd abcd abcd abcd";
    let all = play(&mut playing(text), 1000);
    for broken_off in 1..all.len() {
        let mut playout = playing(text);
        play(&mut playout, broken_off);
        let heard = playout.heard_within(0);
        for _ in 0..2 {
            playout.pause();
            playout.resume();
            assert_eq!(playout.heard_within(0), heard, "after {broken_off} frames");
        }
        let rest = play(&mut playout, 1000);
        let start = all.len() - rest.len();
        assert!(start <= broken_off && broken_off - start <= 15 + QUIET_WITHIN);
        assert_eq!(rest, all[start..]);
        assert!(start == 0 || !loud(&rest[0]), "in the middle of a word: {start}");
        assert_eq!(playout.take_turn(), text, "after {broken_off} frames");
    }
}

#[test]
fn a_clause_in_the_making_is_paused_as_well() {
    let mut playout = Playout::new();
    playout.held = false;
    playout.push(1, "one two three four".to_owned());
    playout.feed(1, &speech(2));
    play(&mut playout, 8);
    playout.pause();
    playout.feed(1, &speech(2));
    playout.seal(1);
    playout.resume();
    assert!(play(&mut playout, 1000).len() > 4 * 15 - 8);
    assert_eq!(playout.take_turn(), "one two three four");
}

#[test]
fn what_is_cleared_is_not_gone_on_with() {
    let mut playout = playing("abcd abcd");
    play(&mut playout, 16);
    playout.pause();
    assert_eq!(playout.clear(), [0u64; 0]);
    assert!(!playout.is_paused() && playout.is_idle());
    playout.resume();
    assert!(playout.next().frame.is_none());
    assert_eq!(playout.take_turn(), "abcd");
}
