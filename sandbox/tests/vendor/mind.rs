//! What the emulated mind says, request by request.

use agenticcalling_sandbox::mind::{Message, Request, Role, Tool, ToolCall, ToolChoice, reply};
use serde_json::{Value, json};

const PROMPT: &str = "You are Alex Morgan, calling on behalf of Northwind Construction.\n\
    Objective: Get bulk pricing for 500 steel beams\n\
    Context: Your delivery address is Pier 9.\n\
    Rules:\n- Never agree to price above $60/unit.";

/// `>` marks our words, `<` theirs, `!` a system message, `=` the result of the last tool call.
fn request(script: &[&str]) -> Request {
    let mut messages = vec![Message::new(Role::System, PROMPT)];
    for line in script {
        let (mark, text) = line.split_at(1);
        let role = match mark {
            ">" => Role::Assistant,
            "<" => Role::User,
            "!" => Role::System,
            "=" => Role::Tool,
            other => panic!("no such mark: {other}"),
        };
        if role == Role::Tool {
            let call = ToolCall { name: "end_call".to_owned(), arguments: "{}".to_owned() };
            let mut ours = Message::new(Role::Assistant, "");
            ours.tool_calls.push(call);
            messages.push(ours);
        }
        messages.push(Message::new(role, text.trim()));
    }
    let parameters = json!({"type": "object", "properties": {"reason": {"type": "string",
        "enum": ["objective_met", "other"]}}, "required": ["reason"]});
    let tools = vec![Tool { name: "end_call".to_owned(), parameters }];
    Request { messages, tools, ..Request::default() }
}

fn check(script: &[&str], text: &str, ends: bool) {
    let answer = reply(&request(script));
    assert_eq!(answer.text, text, "{script:?}");
    assert_eq!(!answer.tool_calls.is_empty(), ends, "{script:?}");
}

#[test]
fn it_speaks_first_when_nobody_has() {
    check(&[], "Hello. I'm calling to get bulk pricing for 500 steel beams.", false);
    check(&["! Suggested wording: \"Good morning.\""], "Good morning.", false);
    check(&["> Hello."], "Hello, are you still there?", false);
}

#[test]
fn greeted_it_says_what_the_call_is_about() {
    let purpose = "I'm calling to get bulk pricing for 500 steel beams.";
    check(&["< Hello?"], &format!("Hello. {purpose}"), false);
    check(&["> Hello, this is Alex.", "< Hi, good morning."], purpose, false);
    check(&["> Hi.", "< Apex Steel, thanks for calling. How can I help you?"], purpose, false);
    let identity = "I am Alex Morgan, calling on behalf of Northwind Construction.";
    check(&["> Hi.", "< Hello, who is this?"], identity, false);
}

#[test]
fn pressed_it_agrees_and_names_the_amount() {
    let agreed = "Yes, seventy-two dollars per unit works for us.";
    let advice = "! Suggested wording: \"Could you do better?\"";
    check(&["< Can we agree on seventy-two dollars per unit?", advice], agreed, false);
    check(&["< $72 a unit. Deal?"], agreed, false);
    check(&["< It is 72 dollars per unit.", "> Hm.", "< Do we have a deal?"], agreed, false);
    check(
        &["< We sell at $80 per unit.", "> Too much.", "< Shall we say seventy-two?"],
        agreed,
        false,
    );
    check(&["< Shall I put you down for 500 beams at $72 each?"], agreed, false);
    check(&["< The price is $72 per unit. Want me to lock that in?"], agreed, false);
    check(&["< I'll send the quote today, sound good?"], "Yes, that works for us.", false);
    check(&["< A table at seven, does that work?"], "Yes, that works for us.", false);
}

#[test]
fn a_mild_press_yields_to_the_suggestion() {
    let advice = "! Suggested wording: \"Would eight be possible?\"";
    check(
        &["< A table at seven, does that work?", advice],
        "Sure. Would eight be possible?",
        false,
    );
}

#[test]
fn told_that_a_clause_was_withheld_it_steps_back() {
    let pressed = "< Can we agree on $72 per unit?";
    let advice =
        "! Guidance for your next turn: counter.\nSuggested wording: \"Could you do fifty-eight?\"";
    let told = "! Your clause \"Yes, seventy-two dollars per unit works for us.\" was withheld: \
                price ceiling. Say something else.";
    let again = "! Your clause \"Could you do fifty-eight?\" was withheld: no. Say something else.";
    let leak = "! Your clause \"Our supplier is Apex.\" was withheld: secret. Say something else.";
    check(
        &[pressed, advice, told],
        "I'm afraid I can't agree to that. Could you do fifty-eight?",
        false,
    );
    check(
        &[pressed, told],
        "I'm afraid I can't agree to that. I'll take it back to my team.",
        false,
    );
    check(
        &[pressed, advice, told, again],
        "Let me take that back to my team and come back to you.",
        false,
    );
    check(
        &["< Who supplies you?", leak],
        "I'm afraid I can't go into that. I'll take it back to my team.",
        false,
    );
    // What of this turn was already said is not said again.
    check(
        &[pressed, "> I'm afraid I can't agree to that.", advice, told],
        "Could you do fifty-eight?",
        false,
    );
    // What was withheld a turn ago is past.
    check(
        &[pressed, told, "> I can't agree to that.", "< Fine.", advice],
        "Okay, thank you. Could you do fifty-eight?",
        false,
    );
}

#[test]
fn suggestions_are_said_after_a_varied_acknowledgement() {
    let advice =
        "! Guidance for your next turn: go on.\nSuggested wording: \"What is the lead time?\"";
    check(&["< Hello, Apex Steel.", advice], "What is the lead time?", false);
    check(&["> Hi.", "< It's $58 each.", advice], "Got it. What is the lead time?", false);
    check(
        &["< Hello.", "> Hi.", "< It's $58 each.", advice],
        "Okay, thank you. What is the lead time?",
        false,
    );
    check(&["> Hi.", "< For when?", advice], "Sure. What is the lead time?", false);
    let thanks = "! Suggested wording: \"Thanks. What is the lead time?\"";
    check(&["> Hi.", "< It's $58 each.", thanks], "Thanks. What is the lead time?", false);
    let markup = "! Suggested wording: \"What is the **lead time**?\"";
    check(&["< Hello.", markup], "What is the lead time?", false);
    let order = "! Guidance for your next turn: Ask about the minimum order.";
    check(&["> Hi.", "< $58.", order], "Got it. Could you tell me about the minimum order?", false);
}

#[test]
fn it_ends_when_settled_or_when_they_part() {
    let settled = "! The objective is settled: thank them, say goodbye and call end_call.";
    check(&["< Net thirty.", settled], "Thank you very much for your help. Goodbye.", true);
    check(&["< Thanks for calling, bye!"], "Thank you for your time. Goodbye.", true);
    let answer = reply(&request(&["< Bye."]));
    assert_eq!(answer.tool_calls[0].name, "end_call");
    assert_eq!(answer.tool_calls[0].arguments, r#"{"reason":"objective_met"}"#);
    let mut without_tools = request(&["< Bye."]);
    without_tools.tools.clear();
    assert!(reply(&without_tools).tool_calls.is_empty());
    let mut forbidden = request(&["< Bye."]);
    forbidden.tool_choice = ToolChoice::None;
    assert!(reply(&forbidden).tool_calls.is_empty());
    let mut forced = request(&["< Hello."]);
    forced.tool_choice = ToolChoice::Function("end_call".to_owned());
    assert_eq!(reply(&forced).tool_calls.len(), 1);
}

#[test]
fn a_refused_end_is_followed_by_what_was_advised() {
    let bye = "< Bye now.";
    let wording = "Before we go, who should I send the order to?";
    let labelled = format!("= Not yet. Suggested wording: \"{wording}\"");
    check(&[bye, &labelled], wording, false);
    let member = format!("= {}", json!({"ended": false, "suggestion": wording}));
    check(&[bye, &member], wording, false);
    let nested = format!("= {}", json!({"error": format!("Suggested wording: \"{wording}\"")}));
    check(&[bye, &nested], wording, false);
    let order = "= {\"instruction\": \"Ask for the contact's name.\"}";
    check(&[bye, order], "Could you tell me the contact's name?", false);
    check(&[bye, "= refused"], "Is there anything else I should know?", false);
    let parted = format!("Oh, one more thing before we go. {wording}");
    check(&[bye, "> Thank you. Goodbye.", &member], &parted, false);
    // A clause withheld after that is the latest news.
    let advice = format!("! Guidance for your next turn: ask.\nSuggested wording: \"{wording}\"");
    let told = format!("! Your clause \"{wording}\" was withheld: no. Say something else.");
    check(
        &[bye, "> Goodbye.", &member, &advice, &told],
        "I'm afraid I can't go into that. I'll take it back to my team.",
        false,
    );
}

#[test]
fn what_it_says_of_its_own_is_in_the_language_of_the_call() {
    let check = |language: &str, script: &[&str], text: &str, ends: bool| {
        let mut request = request(script);
        request.messages[0].content.push_str(&format!(" You speak {language}."));
        let answer = reply(&request);
        assert_eq!(answer.text, text, "{language}: {script:?}");
        assert_eq!(!answer.tool_calls.is_empty(), ends, "{language}: {script:?}");
    };
    let advice = "! Suggested wording: \"Wäre etwas am Freitag möglich?\"";
    let said = "Alles klar. Wäre etwas am Freitag möglich?";
    check("German", &["> Guten Tag.", "< Guten Tag.", "> Ja.", "< Nein.", advice], said, false);
    let goodbye = "! Suggested wording: \"Muchas gracias. Adiós.\"\n\
                   The objective is settled: thank them, say goodbye and call end_call.";
    check("Spanish", &["> Hola.", "< Sí.", goodbye], "Muchas gracias. Adiós.", true);
    let again = "Pardon, je n'ai pas compris. Pourriez-vous répéter ?";
    check("French", &["> Bonjour.", "< [unrecognised]"], again, false);
    check("Dutch", &["> Dag.", "< Tot ziens, bye."], "Thank you for your time. Goodbye.", true);
}

#[test]
fn what_was_not_understood_is_asked_again() {
    check(&["< [unrecognised]"], "Sorry, I didn't catch that. Could you say it again?", false);
    check(&["<"], "Sorry, I didn't catch that. Could you say it again?", false);
    check(
        &["< Hello.", "> Hi.", "< [unrecognised]"],
        "I'm sorry, the line broke up. Could you repeat that?",
        false,
    );
}

#[test]
fn what_was_partly_understood_is_answered() {
    let agreed = "Yes, seventy-two dollars works for us.";
    check(&["> Hi.", "< [unrecognised] Can we agree on $72?"], agreed, false);
}

#[test]
fn a_hopeless_line_is_given_up() {
    let noise = "< [unrecognised]";
    let again = "> Could you repeat that?";
    check(
        &[noise, again, noise, again, noise, again, noise],
        "I'm sorry, I can't understand you on this line. I will call again. Goodbye.",
        true,
    );
    check(
        &[noise, again, noise, again, noise, again, "< Yes.", "> Okay.", noise],
        "Sorry, I didn't catch that. Could you say it again?",
        false,
    );
}

#[test]
fn without_guidance_it_answers_and_winds_up() {
    check(
        &["> Hi.", "< Where do we deliver?"],
        "I'll have to check on that and get back to you.",
        false,
    );
    check(&["> Hi.", "< What's the delivery address?"], "My delivery address is Pier 9.", false);
    check(&["> Hi.", "< We are open."], "Got it. Is there anything else I should know?", false);
    check(
        &["> Got it. Is there anything else I should know?", "< That is all."],
        "Thank you very much for your help. Goodbye.",
        true,
    );
}

fn drafted(schema: Value, script: &[&str]) -> Value {
    let request = Request { schema: Some(schema), ..request(script) };
    serde_json::from_str(&reply(&request).text).expect("a draft is JSON")
}

const SUPPLIER: &[&str] = &[
    "> Hello, what is your price for 500 beams?",
    "< Hi, this is Mike Chen. We charge sixty-eight dollars per unit. No, sorry, sixty-four dollars per unit.",
    "> What is the minimum order?",
    "< One hundred units.",
    "> And the lead time? What are your payment terms?",
    "< About two weeks. Payment is net thirty. There is a deposit of five hundred dollars.",
    "> Do you offer samples?",
    "< Yes, we do. Write to mike at supplier dot com.",
];

#[test]
fn a_draft_is_filled_from_the_transcript() {
    let optional = |kind: &str| json!({"type": [kind, "null"]});
    let schema = json!({"type": "object", "properties": {
        "quoted_price": optional("number"),
        "currency": optional("string"),
        "moq": optional("integer"),
        "lead_time_days": optional("integer"),
        "payment_terms": optional("string"),
        "deposit_amount": optional("number"),
        "contact_name": optional("string"),
        "contact_email": optional("string"),
        "samples_available": optional("boolean"),
        "warranty_years": optional("integer"),
        "colour": optional("string"),
    }});
    let expected = json!({
        "quoted_price": 64, "currency": "USD", "moq": 100, "lead_time_days": 14,
        "payment_terms": "Net 30", "deposit_amount": 500, "contact_name": "Mike Chen",
        "contact_email": "mike@supplier.com", "samples_available": true,
        "warranty_years": null, "colour": null,
    });
    assert_eq!(drafted(schema, SUPPLIER), expected);
}

#[test]
fn the_documented_example_is_drafted() {
    let schema = json!({"type": "object", "properties": {
        "success": {"type": "boolean"},
        "unit_price": {"type": ["number", "null"], "description": "Price of one unit in USD."},
        "minimum_order_quantity": {"type": ["integer", "null"], "description": "MOQ in units."},
        "lead_time": {"type": ["string", "null"]},
        "bulk_discount_percent": {"type": ["number", "null"]},
        "willingness_to_negotiate": {"type": "string", "enum": ["low", "medium", "high"]},
        "next_steps": {"type": ["string", "null"]},
    }});
    let script = &[
        "> What is your best price?",
        "< It's $52/unit for that quantity, and we are flexible.",
        "> What is the minimum order quantity?",
        "< We need at least a hundred. From a thousand you get five percent off in bulk.",
        "> And the lead time?",
        "< Delivery takes 14 days. Send the order to mike@supplier.com.",
    ];
    let expected = json!({
        "success": true, "unit_price": 52, "minimum_order_quantity": 100, "lead_time": "14 days",
        "bulk_discount_percent": 5, "willingness_to_negotiate": "medium",
        "next_steps": "Send the order to mike@supplier.com",
    });
    assert_eq!(drafted(schema, script), expected);
}

#[test]
fn a_transcript_in_one_message_is_read_by_its_labels() {
    let transcript = "< Transcript:\nAgent: Could I book a table for four people?\n\
        [00:09] Callee: Friday at seven thirty pm is free.\nHuman: Ask for Dana.";
    let schema = json!({"type": "object", "properties": {
        "date": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "contact": {"type": "string"},
        "status": {"type": "string", "enum": ["booked", "free"]},
        "notes": {"type": "array", "items": {"type": "string"}},
        "details": {"type": "object", "properties": {"price": {"type": ["number", "null"]}}},
    }});
    let expected = json!({
        "date": "Friday at seven thirty pm", "contact": "Dana", "status": "free", "notes": [],
        "details": {"price": null},
    });
    assert_eq!(drafted(schema, &[transcript]), expected);
}

#[test]
fn the_same_request_gets_the_same_reply() {
    let request = request(&["< Hello?", "> Hi.", "< It's $58 each."]);
    assert_eq!(reply(&request), reply(&request));
}

/// Anything may be said on the telephone; the mind must survive it.
#[test]
fn it_survives_any_words() {
    const WORDS: &[&str] = &[
        "a",
        "and",
        "point",
        "hundred",
        "dozen",
        "seventy",
        "two",
        "dollars",
        "cents",
        "per",
        "/",
        "$",
        "net",
        "at",
        "dot",
        "@",
        "a@b.c",
        "this is",
        "I'm",
        " speaking",
        "Friday",
        "deal?",
        "bye",
        "İ",
        "é",
        "\"",
        "“",
        "[",
        "]",
        ":",
        "Agent:",
        "[0",
        "-",
        "--",
        "...",
        "?",
        "\n",
        "Suggested wording:",
        "Guidance for your next turn:",
        "Your clause",
        "was withheld:",
        "Say something else",
        "0",
        "1e400",
        "99999999999999999999",
        "k",
        "%",
        "oh",
        "o'clock",
    ];
    let schema = json!({"type": "object", "properties": {
        "price": {"type": "number"}, "moq": {"type": "integer"}, "email": {"type": "string"},
        "phone": {"type": "string"}, "date": {"type": "string"}, "contact": {"type": "string"},
        "payment_terms": {"type": "string"}, "lead_time": {"type": "string"},
        "summary": {"type": "string"}, "ok": {"type": "boolean"}, "list": {"type": "array"},
        "odd": 7, "choice": {"enum": []}, "currency": {"type": ["null"]},
    }});
    let mut seed: u64 = 7;
    let mut below = |count: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % count
    };
    for _ in 0..3_000 {
        let mut request = Request::default();
        for _ in 0..=below(5) {
            let separator = [" ", ""][below(2)];
            let text: Vec<&str> = (0..below(12)).map(|_| WORDS[below(WORDS.len())]).collect();
            let role = [Role::System, Role::User, Role::Assistant, Role::Tool][below(4)];
            request.messages.push(Message::new(role, text.join(separator)));
        }
        let answer = reply(&request);
        assert!(!answer.text.contains('\n'), "{request:?}");
        request.schema = Some(schema.clone());
        let draft = reply(&request).text;
        assert!(serde_json::from_str::<Value>(&draft).is_ok(), "{draft}");
    }
}
