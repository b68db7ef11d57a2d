//! Voice presets: the names of our API, and the vendor's voice behind each.

use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Voice {
    #[schema(example = "professional_male_en")]
    pub id: &'static str,
    #[schema(example = "en")]
    pub language: &'static str,
    #[schema(example = "male")]
    pub gender: &'static str,
    pub description: &'static str,
    #[serde(skip)]
    vendor: &'static str,
}

pub const VOICES: [Voice; 6] = [
    voice("professional_female_en", "female", "Clear and businesslike.", "nova"),
    voice("professional_male_en", "male", "Calm and businesslike.", "onyx"),
    voice("friendly_female_en", "female", "Warm and lively.", "shimmer"),
    voice("friendly_male_en", "male", "Warm and relaxed.", "echo"),
    voice("neutral_female_en", "female", "Even, without much colour.", "alloy"),
    voice("neutral_male_en", "male", "Even, without much colour.", "ash"),
];

const fn voice(
    id: &'static str,
    gender: &'static str,
    description: &'static str,
    vendor: &'static str,
) -> Voice {
    Voice { id, language: "en", gender, description, vendor }
}

/// The preset for a wish; an explicit name wins over a gender.
pub fn choose(name: Option<&str>, gender: Gender) -> Option<&'static str> {
    let Some(name) = name else {
        let gender = if gender == Gender::Male { "male" } else { "female" };
        return VOICES.iter().find(|voice| voice.gender == gender).map(|voice| voice.id);
    };
    VOICES.iter().find(|voice| voice.id == name).map(|voice| voice.id)
}

/// The speech vendor's name for a preset.
#[must_use]
pub fn vendor_voice(id: &str) -> &'static str {
    VOICES.iter().find(|voice| voice.id == id).map_or("nova", |voice| voice.vendor)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    #[default]
    Female,
    Male,
}
