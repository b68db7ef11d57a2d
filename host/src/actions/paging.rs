//! Lists that come in pages.

use super::check::Check;
use super::{ActionError, Server};

const PAGE_MAX: u32 = 100;
const PAGE_DEFAULT: u32 = 20;

/// One page of a list.
pub struct Paged<T> {
    pub items: Vec<T>,
    /// Where the list goes on: opaque to clients, signed, and bound to the filter it was made for.
    pub next: Option<String>,
}

/// What was asked of a list.
pub(super) struct Asked {
    limit: u32,
    /// The place after which the page begins.
    pub(super) after: Option<String>,
    bound_to: String,
}

impl Check {
    /// 1 to 100.
    pub(super) fn limit(&mut self, limit: Option<u32>) -> u32 {
        let limit = limit.unwrap_or(PAGE_DEFAULT);
        if !(1..=PAGE_MAX).contains(&limit) {
            self.wrong("limit", format!("must be from 1 to {PAGE_MAX}"));
        }
        limit
    }
}

impl Server {
    /// `bound_to`: everything that decides what the list holds; the size of its pages may change.
    pub(super) fn asked(
        &self,
        limit: u32,
        page_token: Option<&str>,
        bound_to: String,
    ) -> Result<Asked, ActionError> {
        let after = page_token.map(|token| self.read_token(token, &bound_to)).transpose()?;
        Ok(Asked { limit, after, bound_to })
    }

    pub(super) fn paged<T>(
        &self,
        asked: &Asked,
        mut items: Vec<T>,
        place: impl Fn(&T) -> String,
    ) -> Paged<T> {
        let limit = asked.limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        let next = last.map(|last| self.make_token(&place(last), &asked.bound_to));
        Paged { items, next }
    }
}

impl Asked {
    /// One more than asked for tells whether there is a next page.
    pub(super) fn to_read(&self) -> u32 {
        self.limit + 1
    }
}
