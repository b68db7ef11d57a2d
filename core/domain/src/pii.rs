//! Personal data that must not reach a log by accident.
//!
//! Wrap a value in [`Pii`] where it enters; `Debug` and `Display` then show only its kind. Use
//! [`Pii::reveal`] where the value itself is wanted: such places can be found by that word.

use std::fmt;

#[derive(Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    pub const fn new(value: T) -> Self {
        Pii(value)
    }

    pub const fn reveal(&self) -> &T {
        &self.0
    }

    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Pii<T> {
    fn from(value: T) -> Self {
        Pii(value)
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹personal data›")
    }
}

impl<T> fmt::Display for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹personal data›")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_nothing() {
        let name = Pii::new("Mike Chen");
        assert!(!format!("{name} {name:?}").contains("Mike"));
        assert_eq!(*name.reveal(), "Mike Chen");
    }
}
