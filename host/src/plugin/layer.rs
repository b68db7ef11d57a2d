//! The settings of a custom playbook, kept in its component file.
//!
//! A custom playbook is the component it is based on and, as the last section of the same file, a
//! custom section with its settings as JSON. So it is one file with a digest of its own, and all that
//! share a base share its machine code.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wasm_encoder::{CustomSection, Section};
use wasmparser::BinaryReader;

use super::LoadError;

/// Name of the section.
const SECTION: &str = "agenticcalling:settings";
/// Section id 0 is a custom section (WebAssembly core specification, 5.5.3).
const CUSTOM: u8 = 0;
/// Magic number and version.
const HEADER_BYTES: usize = 8;
/// Size of the settings as JSON.
const LAYER_BYTES_MAX: usize = 256 * 1024;

/// What lies over the component. `settings` is what the component's config schema describes, and is
/// handed to it with every call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// `namespace.name`, in place of the component's.
    pub id: String,
    pub name: String,
    pub version: String,
    /// Hold for every call made with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub behavior_rules: Vec<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub settings: Map<String, Value>,
}

impl Layer {
    pub(super) fn read(text: &str) -> Result<Layer, LoadError> {
        serde_json::from_str(text).map_err(|error| LoadError::Settings(error.to_string()))
    }

    /// The bytes that stand in the file, always the same for the same settings.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("settings are plain data")
    }
}

/// The file of a custom playbook.
#[must_use]
pub fn with_layer(code: &[u8], layer: &str) -> Vec<u8> {
    let mut file = code.to_vec();
    let data = layer.as_bytes().into();
    CustomSection { name: SECTION.into(), data }.append_to(&mut file);
    file
}

/// The file of a playbook that may have settings.
#[must_use]
pub fn put_together(code: &[u8], layer: Option<&str>) -> Vec<u8> {
    layer.map_or_else(|| code.to_vec(), |layer| with_layer(code, layer))
}

/// The component without its settings, and its settings. What is put together again with
/// [`with_layer`] is the same file, byte for byte.
pub fn split(file: &[u8]) -> Result<(&[u8], Option<&str>), LoadError> {
    let broken =
        |error: wasmparser::BinaryReaderError| LoadError::NotAComponent(error.message().to_owned());
    let mut reader = BinaryReader::new(file.get(HEADER_BYTES..).unwrap_or_default(), 0);
    while !reader.eof() {
        let start = HEADER_BYTES + reader.current_position();
        let kind = reader.read_u8().map_err(broken)?;
        let size = reader.read_var_u32().map_err(broken)? as usize;
        let section = reader.read_bytes(size).map_err(broken)?;
        if kind != CUSTOM {
            continue;
        }
        let mut section = BinaryReader::new(section, 0);
        if section.read_string().map_err(broken)? != SECTION {
            continue;
        }
        let text = section.read_bytes(section.bytes_remaining()).map_err(broken)?;
        if text.len() > LAYER_BYTES_MAX {
            return Err(LoadError::Settings(format!("more than {LAYER_BYTES_MAX} bytes")));
        }
        let text = std::str::from_utf8(text)
            .map_err(|_| LoadError::Settings("they are not UTF-8".to_owned()))?;
        // Otherwise the same playbook could have several digests.
        if !reader.eof() || with_layer(&file[..start], text) != file {
            let problem = "they must be the last section, and the only one of that name";
            return Err(LoadError::Settings(problem.to_owned()));
        }
        return Ok((&file[..start], Some(text)));
    }
    Ok((file, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &[u8] = b"\0asm\x0d\0\x01\0";

    fn custom(name: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        CustomSection { name: name.into(), data: data.into() }.append_to(&mut bytes);
        bytes
    }

    fn file(parts: &[&[u8]]) -> Vec<u8> {
        [PLAIN].iter().chain(parts).copied().flatten().copied().collect()
    }

    #[test]
    fn settings_are_the_last_section_of_the_file() {
        let other = custom("producers", b"somebody");
        for code in [file(&[]), file(&[&other])] {
            for text in ["{}", &"x".repeat(300)] {
                let whole = with_layer(&code, text);
                assert_eq!(split(&whole).unwrap(), (code.as_slice(), Some(text)));
            }
            assert_eq!(split(&code).unwrap(), (code.as_slice(), None));
        }
    }

    #[test]
    fn what_would_give_a_playbook_two_digests_is_refused() {
        let (layer, other) = (custom(SECTION, b"{}"), custom("producers", b""));
        // The same section with a length of one byte more than needed.
        let (head, rest) = (&layer[..1], &layer[2..]);
        let padded = [head, &[layer[1] | 0x80, 0], rest].concat();
        for (bytes, reason) in [
            (file(&[&layer, &other]), "last section"),
            (file(&[&layer, &layer]), "last section"),
            (file(&[&padded]), "last section"),
            (file(&[&custom(SECTION, b"\xff")]), "UTF-8"),
            (file(&[&custom(SECTION, &vec![b' '; LAYER_BYTES_MAX + 1])]), "bytes"),
            (file(&[&layer[..9]]), "unexpected end"),
            (file(&[&[0, 0x85]]), "unexpected end"),
        ] {
            let error = split(&bytes).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn settings_have_one_text() {
        let layer = Layer {
            id: "custom.hotels".into(),
            name: "Hotels".into(),
            version: "2.0.0".into(),
            behavior_rules: vec!["Be brief".into()],
            settings: Map::from_iter([("strategy".into(), "Ask for dates".into())]),
        };
        assert_eq!(Layer::read(&layer.text()).unwrap(), layer);
        let unknown = r#"{"id":"a.b","name":"n","version":"1.0.0","rules":[]}"#;
        assert!(Layer::read(unknown).unwrap_err().to_string().contains("unknown field `rules`"));
    }
}
