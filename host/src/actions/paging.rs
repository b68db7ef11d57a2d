//! Lists that come in pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::check::Check;
use super::{ActionError, Server};

const PAGE_MAX: u32 = 100;
const PAGE_DEFAULT: u32 = 20;
const SIGNATURE_CHARS: usize = 64;

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
        self.limit_to(limit.unwrap_or(PAGE_DEFAULT), PAGE_MAX)
    }

    pub(super) fn limit_to(&mut self, limit: u32, max: u32) -> u32 {
        if !(1..=max).contains(&limit) {
            self.wrong("limit", format!("must be from 1 to {max}"));
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

    /// A cursor: a place in a list, readable by this server only.
    fn make_token(&self, place: &str, bound_to: &str) -> String {
        let signature = self.blobs.sign(&format!("cursor\n{place}\n{bound_to}"));
        URL_SAFE_NO_PAD.encode(format!("{signature}{place}"))
    }

    fn read_token(&self, token: &str, bound_to: &str) -> Result<String, ActionError> {
        let decoded = URL_SAFE_NO_PAD.decode(token).ok();
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let parts = text.as_deref().and_then(|text| text.split_at_checked(SIGNATURE_CHARS));
        let place = parts.and_then(|(signature, place)| {
            let signed = format!("cursor\n{place}\n{bound_to}");
            self.blobs.verify(&signed, signature).then(|| place.to_owned())
        });
        let message = "is not a cursor of this list: use the one of the previous response, with \
                       the same filters";
        place.ok_or_else(|| ActionError::invalid("page_token", message))
    }
}

impl Asked {
    /// One more than asked for tells whether there is a next page.
    pub(super) fn to_read(&self) -> u32 {
        self.limit + 1
    }
}
