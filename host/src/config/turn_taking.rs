//! When somebody has finished speaking.

use serde::{Deserialize, Serialize};
use turn::{Endpointing, Language};

/// A shorter silence lies between words.
const WAIT_MS_MIN: u64 = 200;
/// Who waits for longer is taken to be gone.
const WAIT_MS_MAX: u64 = 5000;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TurnTaking {
    /// The silence that ends a turn which is complete…
    pub adaptive_ms_min: u64,
    /// …and one of which more is certain to come, such as half a telephone number.
    pub adaptive_ms_max: u64,
    /// The silence that ends any turn, in place of those two.
    pub fixed_ms: Option<u64>,
    /// Answers are prepared before it is certain that a turn is complete. They come sooner, and some are
    /// paid for and thrown away.
    pub speculate: bool,
}

impl Default for TurnTaking {
    fn default() -> Self {
        TurnTaking {
            adaptive_ms_min: turn::ADAPTIVE_MS_MIN,
            adaptive_ms_max: turn::ADAPTIVE_MS_MAX,
            fixed_ms: None,
            speculate: true,
        }
    }
}

impl TurnTaking {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let waits = WAIT_MS_MIN..=WAIT_MS_MAX;
        let (from, until) = (WAIT_MS_MIN, WAIT_MS_MAX);
        if let Some(ms) = self.fixed_ms {
            anyhow::ensure!(waits.contains(&ms), "turn.fixed_ms must be from {from} to {until}");
        }
        anyhow::ensure!(
            waits.contains(&self.adaptive_ms_min),
            "turn.adaptive_ms_min must be from {from} to {until}"
        );
        anyhow::ensure!(
            (self.adaptive_ms_min..=WAIT_MS_MAX).contains(&self.adaptive_ms_max),
            "turn.adaptive_ms_max must be from turn.adaptive_ms_min to {until}"
        );
        Ok(())
    }

    /// For a call in this language (a BCP 47 tag).
    #[must_use]
    pub fn of_call(&self, language: &str) -> turn::Config {
        let adaptive =
            Endpointing::Adaptive { ms_min: self.adaptive_ms_min, ms_max: self.adaptive_ms_max };
        turn::Config {
            endpointing: self.fixed_ms.map_or(adaptive, |ms| Endpointing::Fixed { ms }),
            language: Language::of(language),
            drafts: self.speculate,
            ..turn::Config::default()
        }
    }
}
