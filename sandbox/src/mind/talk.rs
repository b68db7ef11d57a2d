//! Decides what to say next: one rule after another, the first that applies wins.

use serde_json::{Map, Value, json};

use super::cues::{self, Press};
use super::facts;
use super::numbers::{self, Said};
use super::situation::{Guidance, Situation, parse_guidance};
use super::{Reply, Request, Tool, ToolCall, ToolChoice};

const END_CALL: &str = "end_call";
/// Turns not understood in a row after which the line is given up.
const REPEATS_MAX: usize = 3;
/// What both refusals begin with.
const AFRAID: &str = "I'm afraid I can't";
const CANNOT_AGREE: &str = "I'm afraid I can't agree to that.";
const CANNOT_TELL: &str = "I'm afraid I can't go into that.";

pub(super) fn talk(request: &Request) -> Reply {
    let situation = Situation::read(request);
    let mut reply = decide(&situation, request);
    reply.text = speakable(&reply.text);
    obey_tool_choice(&mut reply, request);
    reply
}

fn decide(situation: &Situation, request: &Request) -> Reply {
    // A withheld clause is the latest news, even after a tool's result.
    if !situation.withheld.is_empty() {
        return after_withheld(situation, request);
    }
    if let Some(reply) = after_tool(situation, request) {
        return reply;
    }
    let Some(heard) = situation.last_user else {
        return unprompted(situation, request);
    };
    if cues::is_unintelligible(heard) {
        return not_understood(situation, request);
    }
    let guidance = &situation.guidance;
    let press = cues::press(heard);
    if press == Press::Hard || (press == Press::Mild && guidance.suggestion.is_none()) {
        return say(&agreement(situation, heard));
    }
    if guidance.settled {
        let wording = guidance.suggestion.as_deref().filter(|wording| cues::is_parting(wording));
        return farewell(wording.unwrap_or(situation.tongue.settled_farewell), request);
    }
    if cues::is_parting(heard) {
        return farewell(situation.tongue.farewell, request);
    }
    if let Some(wording) = guided_wording(guidance) {
        return say(&acknowledged(situation, heard, &wording));
    }
    if cues::is_greeting(heard) && !cues::asks_beyond_greeting(heard) {
        return greeting(situation);
    }
    if cues::is_question(heard) {
        let answer = facts::answer(heard, situation.instructions);
        return say(answer.as_deref().unwrap_or(situation.tongue.will_check));
    }
    carry_on(situation, heard, request)
}

/// Asks again; gives the line up when asking did not help.
fn not_understood(situation: &Situation, request: &Request) -> Reply {
    let before = situation.earlier_user.iter().rev();
    let in_vain = before.take_while(|heard| cues::is_unintelligible(heard)).count();
    if in_vain >= REPEATS_MAX {
        return farewell(situation.tongue.bad_line_farewell, request);
    }
    say(pick(situation.tongue.repeats, situation.earlier_user.len()))
}

/// After the result of a tool: the advice of a refusal is followed, an answer is passed on.
fn after_tool(situation: &Situation, request: &Request) -> Option<Reply> {
    let result = situation.tool_result.as_ref()?;
    let parsed: Option<Value> = serde_json::from_str(result.content).ok();
    let texts = result_texts(parsed.as_ref(), result.content);
    let advice = texts.iter().map(|text| parse_guidance(text)).find(|advice| {
        // Guidance is recognised by its labels; plain text holds none.
        *advice != Guidance::default()
    });
    let named = |name: &str| parsed.as_ref().and_then(|value| string_member(value, name));
    let suggestion = advice
        .as_ref()
        .and_then(guided_wording)
        .or_else(|| ["suggestion", "suggested_wording", "wording"].iter().find_map(|n| named(n)));
    let suggestion = suggestion.or_else(|| situation.guidance.suggestion.clone());
    if result.name == Some(END_CALL) {
        let instruction = named("instruction").or_else(|| named("advice"));
        let wording = suggestion.or_else(|| instruction.and_then(|text| request_from(&text)));
        let wording = wording.unwrap_or_else(|| situation.tongue.anything_else.to_owned());
        let parted = cues::is_parting(&situation.said_now);
        let lead = situation.tongue.one_more_thing;
        return Some(say(&if parted { format!("{lead} {wording}") } else { wording }));
    }
    if let Some(suggestion) = suggestion {
        return Some(say(&suggestion));
    }
    let spoken = ["say", "answer", "message", "text", "result"].iter().find_map(|n| named(n));
    if advice.is_some_and(|advice| advice.settled) || situation.guidance.settled {
        return Some(farewell(situation.tongue.settled_farewell, request));
    }
    let more = situation.tongue.anything_else;
    Some(say(&spoken.unwrap_or_else(|| format!("Thanks, I've noted that. {more}"))))
}

/// The strings in a tool's result; its raw text if it is no JSON.
fn result_texts(parsed: Option<&Value>, raw: &str) -> Vec<String> {
    match parsed {
        Some(Value::Object(members)) => {
            members.values().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Some(Value::String(text)) => vec![text.clone()],
        _ => vec![raw.to_owned()],
    }
}

fn string_member(value: &Value, name: &str) -> Option<String> {
    let text = value.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Told that it may not say something, the mind steps back once and then goes on.
fn after_withheld(situation: &Situation, request: &Request) -> Reply {
    let last = situation.withheld.last().map_or("", |withheld| withheld.clause.as_str());
    let was_withheld = |text: &str| {
        let text = cues::plain(text);
        situation.withheld.iter().any(|withheld| text.contains(&cues::plain(&withheld.clause)))
    };
    let first_time = situation.withheld.len() == 1 && !situation.said_now.contains(AFRAID);
    let refusal = match first_time {
        false => "",
        true if agrees(last) => CANNOT_AGREE,
        true => CANNOT_TELL,
    };
    let guidance = &situation.guidance;
    if guidance.settled {
        let goodbye = situation.tongue.settled_farewell;
        return farewell(&format!("{refusal} {goodbye}"), request);
    }
    let wording = guided_wording(guidance).filter(|wording| !was_withheld(wording));
    let fallback = if first_time {
        "I'll take it back to my team."
    } else {
        "Let me take that back to my team and come back to you."
    };
    let wording = wording.as_deref().unwrap_or(fallback);
    // A wording that refuses needs no second refusal before it.
    let refuses = ["I cannot", "I can't", "I am afraid", "I'm afraid"];
    if refuses.iter().any(|opening| wording.starts_with(opening)) {
        return say(wording);
    }
    say(&format!("{refusal} {wording}"))
}

fn agrees(clause: &str) -> bool {
    let plain = cues::plain(clause);
    let yes = ["yes", "works", "agree", "agreed", "deal", "fine"];
    yes.iter().any(|word| cues::has_phrase(&plain, word)) || !numbers::amounts(clause).is_empty()
}

/// Nobody has spoken since us: the suggestion, the purpose of the call, or a question to the silence.
fn unprompted(situation: &Situation, request: &Request) -> Reply {
    if let Some(wording) = guided_wording(&situation.guidance) {
        return say(&wording);
    }
    if situation.guidance.settled {
        return farewell(situation.tongue.settled_farewell, request);
    }
    if !situation.said.is_empty() {
        return say(situation.tongue.still_there);
    }
    match facts::purpose(situation.instructions) {
        Some(purpose) => say(&format!("Hello. {purpose}")),
        None => say("Hello, how are you today?"),
    }
}

/// "Yes, seventy-two dollars per unit works for us."
fn agreement(situation: &Situation, heard: &str) -> String {
    let everything = situation.earlier_user.iter().copied().chain([heard]);
    let mentioned: Vec<Said> = everything.flat_map(numbers::amounts).collect();
    let unit = mentioned.iter().rev().find_map(|said| said.per.clone());
    let currency = mentioned.iter().rev().find_map(|said| said.currency);
    let priced_here = numbers::amounts(heard).pop().or_else(|| bare_amount(heard));
    let looks_back = cues::press(heard) == Press::Hard;
    let amount = priced_here.or_else(|| mentioned.last().filter(|_| looks_back).cloned());
    let Some(mut amount) = amount else {
        return "Yes, that works for us.".to_owned();
    };
    amount.currency = amount.currency.or(currency);
    amount.per = amount.per.or(unit);
    format!("Yes, {} works for us.", numbers::speak_amount(&amount))
}

/// "Shall we say seventy-two?": a number that counts nothing.
fn bare_amount(heard: &str) -> Option<Said> {
    if cues::press(heard) != Press::Hard {
        return None;
    }
    numbers::numbers(heard).into_iter().rev().find(|said| said.noun.is_none())
}

fn guided_wording(guidance: &Guidance) -> Option<String> {
    let from_instruction = || guidance.instruction.as_deref().and_then(request_from);
    guidance.suggestion.clone().or_else(from_instruction)
}

/// "Ask for the lead time." becomes "Could you tell me the lead time?"
fn request_from(instruction: &str) -> Option<String> {
    const OPENINGS: &[(&str, &str)] = &[
        ("ask for ", "Could you tell me"),
        ("ask about ", "Could you tell me about"),
        ("ask whether ", "Could you tell me whether"),
        ("ask if ", "Could you tell me if"),
        ("ask what ", "Could you tell me what"),
        ("ask when ", "Could you tell me when"),
        ("ask who ", "Could you tell me who"),
        ("ask how ", "Could you tell me how"),
        ("find out ", "Could you tell me"),
    ];
    let sentence = cues::sentences(instruction).first()?.trim_end_matches(['.', '!', '?']);
    for (order, request) in OPENINGS {
        let Some(head) = sentence.get(..order.len()) else { continue };
        if head.eq_ignore_ascii_case(order) {
            return Some(format!("{request} {}?", sentence[order.len()..].trim()));
        }
    }
    None
}

/// The suggested wording after a short word of thanks, if one fits there.
fn acknowledged(situation: &Situation, heard: &str, wording: &str) -> String {
    let first = cues::plain(wording).split(' ').next().unwrap_or("").to_owned();
    let tongue = situation.tongue;
    let greeted = situation.earlier_user.is_empty() && cues::is_greeting(heard);
    if greeted || tongue.openings.contains(&first.as_str()) {
        return wording.to_owned();
    }
    let first = cues::sentences(wording).first().copied().unwrap_or(wording);
    let acknowledgement = match cues::is_question(heard) {
        // An answer stands for itself.
        true if !first.trim_end().ends_with('?') => return wording.to_owned(),
        true if asks_for_more(heard) => tongue.yes_please,
        true => tongue.sure,
        false => pick(tongue.acknowledgements, situation.earlier_user.len()),
    };
    format!("{acknowledgement} {wording}")
}

/// "Anything else?"
fn asks_for_more(heard: &str) -> bool {
    let plain = cues::plain(heard);
    ["anything else", "what else", "something else"].iter().any(|cue| cues::has_phrase(&plain, cue))
}

/// Answers "Hello?": who greets wants to know what the call is about.
fn greeting(situation: &Situation) -> Reply {
    let purpose = facts::purpose(situation.instructions);
    let purpose = purpose.unwrap_or_else(|| "How are you today?".to_owned());
    if situation.said.is_empty() {
        return say(&format!("Hello. {purpose}"));
    }
    say(&purpose)
}

/// Nothing to go by: state the purpose, ask for more once, then part.
fn carry_on(situation: &Situation, heard: &str, request: &Request) -> Reply {
    let purpose = facts::purpose(situation.instructions);
    if situation.said.is_empty()
        && let Some(purpose) = purpose
    {
        return say(&format!("Hello. {purpose}"));
    }
    let asked = situation.said.iter().any(|said| said.contains(situation.tongue.anything_else));
    if asked {
        return farewell(situation.tongue.settled_farewell, request);
    }
    say(&acknowledged(situation, heard, situation.tongue.anything_else))
}

fn say(text: &str) -> Reply {
    Reply { text: text.to_owned(), tool_calls: Vec::new() }
}

fn farewell(text: &str, request: &Request) -> Reply {
    let end_call = request.tools.iter().find(|tool| tool.name == END_CALL);
    let tool_calls = end_call.map(call_of).into_iter().collect();
    Reply { text: text.to_owned(), tool_calls }
}

fn pick(choices: &'static [&'static str], turn: usize) -> &'static str {
    choices[turn % choices.len()]
}

fn obey_tool_choice(reply: &mut Reply, request: &Request) {
    match &request.tool_choice {
        ToolChoice::Auto => {}
        ToolChoice::None => reply.tool_calls.clear(),
        ToolChoice::Required => {
            if reply.tool_calls.is_empty() {
                reply.tool_calls.extend(request.tools.first().map(call_of));
            }
        }
        ToolChoice::Function(name) => {
            let chosen = request.tools.iter().find(|tool| tool.name == *name);
            reply.tool_calls = chosen.map(call_of).into_iter().collect();
            reply.text.clear();
        }
    }
}

/// A call whose arguments satisfy the required part of the tool's schema.
fn call_of(tool: &Tool) -> ToolCall {
    let mut arguments = Map::new();
    let properties = tool.parameters.get("properties").and_then(Value::as_object);
    let required = tool.parameters.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        let schema = properties.and_then(|properties| properties.get(name));
        arguments.insert(name.to_owned(), argument(name, schema.unwrap_or(&Value::Null)));
    }
    ToolCall { name: tool.name.clone(), arguments: Value::Object(arguments).to_string() }
}

fn argument(name: &str, schema: &Value) -> Value {
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        return choices.first().cloned().unwrap_or(Value::Null);
    }
    let kind = schema.get("type").map(|kind| match kind {
        Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or("string"),
        kind => kind.as_str().unwrap_or("string"),
    });
    match kind.unwrap_or("string") {
        "boolean" => json!(true),
        "integer" | "number" => json!(0),
        "array" => json!([]),
        "object" => json!({}),
        "null" => Value::Null,
        _ if name.contains("message") || name.contains("farewell") => json!("Goodbye."),
        _ => json!("The conversation is complete."),
    }
}

/// What a voice can read: no markup, no line breaks.
fn speakable(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !matches!(c, '*' | '#' | '`' | '_')).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}
