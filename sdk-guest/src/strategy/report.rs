//! The end of a call: wishes of the other side, the draft held against the transcript.

use serde_json::{Map, Value as Json};

use super::Caller;
use crate::extract::{self, Grounded, Schema, Talk};
use crate::{Brief, CallBack, Channel, ChannelWish, Speaker, Turn, Ungrounded};

/// What the other side wants beyond the subject.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    pub call_back: Option<CallBack>,
    pub do_not_call: Option<String>,
    pub switch_channel: Option<ChannelWish>,
}

/// A transcript as the extraction kit reads it: our own names are nobody else's, and "tomorrow" is the
/// day after the call.
pub fn talk_of(transcript: &[Turn], caller: &Caller, brief: &Brief) -> Talk {
    let mut talk = Talk::new();
    talk.set_now(brief.now_ms, &brief.zone);
    if let Some(name) = &caller.name {
        talk.own_name(name);
    }
    for turn in transcript {
        talk.push(turn.speaker == Speaker::Callee, &turn.text);
    }
    talk
}

/// Who never wants to be called again is not called back either.
pub fn wishes(talk: &Talk, brief: &Brief) -> Wishes {
    let do_not_call = extract::do_not_call(talk);
    let call_back = extract::call_back(talk, brief.now_ms, &brief.zone);
    let channel = extract::channel_wish(talk);
    Wishes {
        call_back: call_back
            .filter(|_| do_not_call.is_none())
            .map(|wish| CallBack { at_ms: wish.at_ms, words: wish.words }),
        do_not_call,
        switch_channel: channel.map(|wish| ChannelWish {
            channel: match wish.channel {
                extract::Channel::Sms => Channel::Sms,
                extract::Channel::Email => Channel::Email,
            },
            address: wish.address,
            words: wish.words,
        }),
    }
}

/// The draft's data held against the transcript; `success` and `summary` are the report's own and
/// are left out unless the schema has them.
pub fn ground_draft(
    schema: &Schema,
    draft: Option<&str>,
    talk: &Talk,
) -> (Grounded, Map<String, Json>) {
    let draft = draft.and_then(|text| serde_json::from_str::<Json>(text).ok());
    let mut fields = match draft {
        Some(Json::Object(fields)) => fields,
        _ => Map::new(),
    };
    let mut own = Map::new();
    for name in ["success", "summary"] {
        if schema.field(name).is_none()
            && let Some(value) = fields.remove(name)
        {
            own.insert(name.to_owned(), value);
        }
    }
    (extract::ground(schema, &Json::Object(fields), talk), own)
}

pub fn list_ungrounded(grounded: &Grounded) -> Vec<Ungrounded> {
    let mut list = Vec::new();
    for dropped in &grounded.ungrounded {
        list.push(Ungrounded {
            field: dropped.field.clone(),
            value: dropped.value.to_string(),
            reason: dropped.reason.clone(),
        });
    }
    list
}

/// A drafted summary, if everything it counts was said; at most three sentences of it.
pub fn spoken_summary(drafted: Option<&Json>, talk: &Talk) -> Option<String> {
    const SENTENCES_MAX: usize = 3;
    let text = drafted?.as_str()?.trim();
    let schema = Schema::read(&serde_json::json!({"summary_text": "string"}));
    let value = serde_json::json!({ "summary_text": text });
    let grounded = extract::ground(&schema, &value, talk);
    let blamed =
        grounded.ungrounded.first().is_some_and(|one| one.reason.starts_with("nobody said"));
    if text.is_empty() || blamed {
        return None;
    }
    let mut end = 0;
    for (number, (at, mark)) in text.match_indices(['.', '!', '?']).enumerate() {
        let inside = text[at + mark.len()..].chars().next().is_some_and(|c| !c.is_whitespace());
        if inside {
            continue;
        }
        end = at + mark.len();
        if number + 1 >= SENTENCES_MAX {
            break;
        }
    }
    Some(if end == 0 { text.to_owned() } else { text[..end].to_owned() })
}
