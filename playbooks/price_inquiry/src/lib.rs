//! `platform.price_inquiry`: finds out what something costs and on what terms.
//!
//! The strategy is exploratory. It asks one thing at a time: price per unit, minimum order, lead
//! time, payment terms, whom it speaks with, and whether the price moves with volume. What was
//! answered is computed from the transcript, so nothing is asked twice that was told in passing. It
//! never commits. Where a rule sets a ceiling it asks twice for a better price, then takes note of
//! the price and moves on. The rule kit checks every clause before it is spoken.

mod agenda;
mod counter;
mod private;

use agenda::{Agenda, Topic};
use std::cell::OnceCell;

use agenticcalling_playbook::extract::{self, Schema, Talk};
use agenticcalling_playbook::matching::{self, Purpose};
use agenticcalling_playbook::rules::{self, Rules};
use agenticcalling_playbook::strategy::{
    self, BriefFacts, Caller, Courtesy, LANGUAGES, Language, Patience, Prompt, Reply, Settings,
    advise, folded, obligations_in, part, says,
};
use agenticcalling_playbook::{
    Brief, Clause, Description, ExtractionRequest, Guidance, Plan, Playbook, Report, Speaker, Turn,
    Verdict, export,
};
use counter::{Counter, Move};
use serde_json::json;

/// One call that asks for prices.
pub struct PriceInquiry {
    brief: Brief,
    caller: Caller,
    /// Read when first needed: a check does without.
    facts: OnceCell<BriefFacts>,
    settings: OnceCell<Settings>,
    rules: Rules,
    agenda: Agenda,
    /// A business asks, for quantities and terms.
    trade: bool,
    counter: Counter,
    talk: Talk,
    /// We have said something.
    opened: bool,
    /// The call is over for a reason that outranks the agenda.
    over: bool,
    courtesy: Courtesy,
    patience: Patience,
}

const APPROACH: &str = "You are collecting a quote, not placing an order. Find out the price per \
unit, the minimum order, the lead time, the payment terms and the name of the person you speak with, \
one at a time, then ask whether the price moves with volume. If they tell you something in passing, \
do not ask for it again. Never accept, confirm or commit to a price; say that you will pass it on. \
Do not reveal a budget or a limit beyond what a suggested wording names. If a price is too high, ask \
for a better one twice at most, politely, then note it and go on.";

const PRIVATE: &str = "You are asking for a price, not buying. Find out what it costs and what else the \
customer wants to know, one question at a time; ask what the price includes if they do not say. If they tell \
you something in passing, do not ask for it again. Never accept, confirm or commit to a price; say that you \
will pass it on. Do not reveal a budget or a limit beyond what a suggested wording names.";

impl Playbook for PriceInquiry {
    fn describe() -> Description {
        Description {
            config_schema: Settings::schema(),
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            ..Description::new(
                "platform.price_inquiry",
                "1.0.0",
                "Price inquiry",
                "Collects a quote: explores price, minimum order, lead time and terms without committing.",
            )
        }
    }

    fn score(objective: &str, language: &str) -> u8 {
        matching::score(Purpose::PriceInquiry, objective, language)
    }

    fn new(brief: Brief) -> Self {
        let rules = Rules::compile(&brief.rules);
        let caller = Caller::with_rules(&brief, &rules);
        let mut talk = Talk::new();
        if let Some(name) = &caller.name {
            talk.own_name(name);
        }
        let trade = private::is_trade(&brief.objective, &caller);
        let obligations = obligations_in(&brief.rules, caller.language);
        let agenda = match trade {
            true => Agenda::of_trade(obligations, caller.language),
            false => {
                let own = private::questions(&brief.objective);
                Agenda::of_private(own, obligations, caller.language)
            }
        };
        Self {
            facts: OnceCell::new(),
            settings: OnceCell::new(),
            agenda,
            trade,
            counter: Counter::new(rules.price_ceiling(), caller.language),
            rules,
            caller,
            talk,
            brief,
            opened: false,
            over: false,
            courtesy: Courtesy::default(),
            patience: Patience::default(),
        }
    }

    fn plan(&mut self) -> Plan {
        let subject = self.subject();
        let agenda = self.agenda.wordings(&subject);
        let prompt = Prompt {
            brief: &self.brief,
            caller: &self.caller,
            settings: self.settings(),
            approach: if self.trade { APPROACH } else { PRIVATE },
            agenda: &agenda,
        };
        let language = self.caller.language;
        Plan {
            instructions: prompt.text(),
            opening: self.opening(),
            voicemail: format!(
                "{} {} {}",
                self.caller.greeting(),
                self.purpose(),
                language.later()
            ),
            screening: self.screening(),
            closing: language.closing().into(),
            rules: self.rules.plans(),
            ..Plan::for_brief(&self.brief)
        }
    }

    fn heard(&mut self, turn: Turn) -> Option<Guidance> {
        self.rules.heard(&turn.text);
        self.talk.push(turn.speaker == Speaker::Callee, &turn.text);
        self.agenda.heard(refuses_to_tell(&turn.text));
        if let Some(guidance) = self.courtesy.heed(&turn.text, &self.brief) {
            self.over |= guidance.settled;
            return Some(guidance);
        }
        if self.over {
            return Some(
                self.end("The call is over. Say goodbye.", self.caller.language.goodbye()),
            );
        }
        if strategy::is_hold(&turn.text) {
            return Some(advise("They need a moment. Let them look.", self.caller.language.wait()));
        }
        if !self.opened {
            return Some(advise("Say who you are and ask for the price.", &self.opening()));
        }
        if strategy::is_farewell(&turn.text) && extract::price(&self.talk).is_some() {
            return Some(self.close());
        }
        let guidance = self.proceed(&turn.text);
        if self.patience.is_lost(guidance.suggestion.as_deref().unwrap_or_default()) {
            return Some(self.end(
                "The conversation goes in circles. End it politely.",
                self.caller.language.in_circles(),
            ));
        }
        Some(guidance)
    }

    fn spoke(&mut self, turn: Turn) {
        self.opened = true;
        self.rules.spoke(&turn.text);
        self.talk.push(false, &turn.text);
        self.agenda.spoke(&turn.text);
    }

    fn check(&mut self, clause: &Clause) -> Verdict {
        self.rules.check(clause)
    }

    fn may_end(&mut self) -> Result<(), Guidance> {
        if self.over {
            return Ok(());
        }
        if let Some(open) = self.agenda.open_obligation() {
            return Err(advise(
                "Before you end the call, ask what the rules require.",
                &open.question,
            ));
        }
        self.rules.may_end()?;
        if extract::price(&self.talk).is_none() && !self.agenda.was_asked(Topic::Price) {
            let question = self.agenda.question(Topic::Price, &self.subject(), false);
            return Err(advise("You have not asked for the price yet.", &question));
        }
        Ok(())
    }

    fn extraction(&mut self) -> ExtractionRequest {
        let criteria = self.settings().success_criteria.as_deref().unwrap_or("a price was quoted");
        ExtractionRequest {
            schema: self.schema().json().to_string(),
            instructions: format!(
                "From the transcript, take what the supplier said. Use the last price the supplier stands by, \
                 not one of ours, and the corrected value where something was corrected. Lead times in days. \
                 Leave out what was not said. The call is a success if {criteria}."
            ),
        }
    }

    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        let talk = strategy::talk_of(transcript, &self.caller, &self.brief);
        let (grounded, own) = strategy::ground_draft(&self.schema(), draft, &talk);
        let wishes = strategy::wishes(&talk, &self.brief);
        let quoted = extract::price(&talk);
        let drafted = own.get("success").and_then(serde_json::Value::as_bool);
        let judged = drafted.filter(|_| self.settings().success_criteria.is_some());
        let mut notes = grounded.notes.clone();
        if let Some(price) = quoted.filter(|price| self.counter.is_too_high(price.amount)) {
            notes.push(format!(
                "the last price quoted, {}, is above the ceiling of the rules",
                price.amount
            ));
        }
        notes.extend(rules::unmet(&self.brief.rules, transcript));
        Ok(Report {
            success: judged.unwrap_or(quoted.is_some() && wishes.do_not_call.is_none()),
            summary: summary(&talk, &wishes),
            ungrounded: strategy::list_ungrounded(&grounded),
            data: serde_json::Value::Object(grounded.data).to_string(),
            call_back: wishes.call_back,
            do_not_call: wishes.do_not_call,
            switch_channel: wishes.switch_channel,
            notes,
        })
    }
}

impl PriceInquiry {
    fn facts(&self) -> &BriefFacts {
        self.facts.get_or_init(|| BriefFacts::of(&self.brief))
    }

    fn settings(&self) -> &Settings {
        self.settings.get_or_init(|| Settings::read(&self.brief.settings))
    }

    fn subject(&self) -> String {
        self.facts().subject_in(self.caller.language)
    }

    fn opening(&self) -> String {
        if !self.trade {
            let first = self.agenda.next(&self.talk).map_or(Topic::Price, |(topic, _)| topic);
            let question = self.agenda.question(first, &self.subject(), false);
            return format!("{} {question}", self.caller.greeting());
        }
        let words = self.caller.language.pick([
            "I am calling about a price for {}. What would your price per unit be?",
            "Llamo para pedir un precio. Se trata de {}. ¿Cuál sería su precio por unidad?",
            "J'appelle au sujet d'un prix pour {}. Quel serait votre prix à l'unité ?",
            "Ich rufe an, weil ich einen Preis für {} brauche. Was wäre Ihr Preis pro Stück?",
        ]);
        format!("{} {}", self.caller.greeting(), words.replace("{}", &self.subject()))
    }

    /// For a machine.
    fn purpose(&self) -> String {
        let words = self.caller.language.pick([
            "I am calling to ask for a price for {}.",
            "Llamo para pedir un precio. Se trata de {}.",
            "J'appelle pour demander un prix pour {}.",
            "Ich möchte einen Preis für {} erfragen.",
        ]);
        words.replace("{}", &self.subject())
    }

    fn screening(&self) -> String {
        if self.caller.language == Language::English {
            let (caller, subject) = (self.caller.spoken(), self.subject());
            return format!("This is {caller}, calling to ask for a price for {subject}.");
        }
        format!("{} {}", self.caller.introduction(), self.purpose())
    }

    fn schema(&self) -> Schema {
        if let Some(own) = &self.settings().schema {
            return own.clone();
        }
        if !self.trade {
            return self.private_schema();
        }
        Schema::read(&json!({
            "quoted_price": "number",
            "volume_price": "number",
            "currency": "string",
            "moq": "number",
            "lead_time_days": "number",
            "payment_terms": "string",
            "contact_name": "string",
        }))
    }

    fn private_schema(&self) -> Schema {
        let mut fields = serde_json::Map::new();
        for question in self.agenda.own() {
            let (name, kind) = &question.field;
            if !question.about_price {
                fields.insert(name.clone(), (*kind).into());
            }
        }
        for (name, kind) in
            [("quoted_price", "number"), ("currency", "string"), ("contact_name", "string")]
        {
            fields.insert(name.to_owned(), kind.into());
        }
        Schema::read(&fields.into())
    }

    fn end(&mut self, instruction: &str, suggestion: &str) -> Guidance {
        self.over = true;
        part(instruction, suggestion)
    }

    /// The ordinary turn: deal with the price, answer what was asked, then the next open question.
    fn proceed(&mut self, text: &str) -> Guidance {
        let quoted = extract::price(&self.talk);
        let in_this_turn = quoted.filter(|price| price.utterance + 1 == self.talk.heard().len());
        let mut said: Vec<String> = Vec::new();
        let mut instruction = String::new();
        match self.counter.respond(text, in_this_turn, quoted, self.facts().quantity) {
            Move::Counter(wording) => {
                let instruction = "Their price is above what the rules allow. Do not accept it. Ask for a better one.";
                return advise(instruction, &wording);
            }
            Move::Note(wording) => {
                instruction.push_str("Do not commit to a price. ");
                said.push(wording);
            }
            Move::None => said.extend(self.answer(text, &mut instruction)),
        }
        let Some((topic, again)) = self.agenda.next(&self.talk) else {
            let mut closing = self.close();
            if let Some(words) = closing.suggestion.take() {
                said.push(words);
            }
            closing.suggestion = Some(said.join(" "));
            return closing;
        };
        let question = self.agenda.question(topic, &self.subject(), again);
        instruction.push_str("Acknowledge what they said and ask the next open question.");
        said.push(question);
        advise(&instruction, &said.join(" "))
    }

    fn answer(&self, text: &str, instruction: &mut String) -> Option<String> {
        match strategy::reply(text, &self.caller, self.facts())? {
            Reply::Invited => None,
            Reply::Say(words) => {
                instruction.push_str("Answer their question from the brief. ");
                Some(words)
            }
            Reply::ComeBack(words) => {
                instruction.push_str(
                    "You do not know the answer: say you will come back on it, invent nothing. ",
                );
                Some(words)
            }
        }
    }

    /// Farewell, unless a rule still wants something said.
    fn close(&mut self) -> Guidance {
        if self.agenda.open_obligation().is_none()
            && let Err(open) = self.rules.may_end()
        {
            return open;
        }
        self.over = self.agenda.open_obligation().is_none();
        let name = extract::contact_name(&self.talk);
        let first = name.as_deref().and_then(|name| name.split(' ').next()).unwrap_or("");
        let language = self.caller.language;
        let mut thanks = language.pick(["Thank you", "Gracias", "Merci", "Vielen Dank"]).to_owned();
        if !first.is_empty() {
            thanks = format!("{thanks}, {first}");
        }
        let rest = language.pick([
            ", that is everything I need. I will pass it on. Goodbye.",
            ", es todo lo que necesito. Lo transmitiré. Adiós.",
            ", c'est tout ce qu'il me faut. Je transmettrai. Au revoir.",
            ", das ist alles, was ich brauche. Ich gebe es weiter. Auf Wiederhören.",
        ]);
        let words = format!("{thanks}{rest}");
        part("You have what you came for.", &words)
    }
}

fn refuses_to_tell(text: &str) -> bool {
    let spoken = format!(" {} ", extract::words(text).join(" "));
    [
        " can't tell ",
        " cannot tell ",
        " can't say ",
        " cannot say ",
        " don't know ",
        " do not know ",
        " not sure ",
        " can't share ",
        " cannot share ",
        " won't tell ",
        " depends ",
        " no idea ",
        " would have to ask ",
        " rather not ",
    ]
    .iter()
    .any(|phrase| spoken.contains(phrase))
        || says(&folded(text), REFUSALS_ABROAD)
}

/// In Spanish, French and German, folded.
const REFUSALS_ABROAD: &[&str] = &[
    "no le puedo decir",
    "no puedo decirle",
    "no lo se",
    "no se decirle",
    "no estoy seguro",
    "no estoy segura",
    "depende",
    "ni idea",
    "tendria que preguntar",
    "je ne peux pas vous dire",
    "je ne peux pas vous le dire",
    "je ne sais pas",
    "aucune idee",
    "ca depend",
    "cela depend",
    "il faudrait que je demande",
    "kann ich ihnen nicht sagen",
    "kann ich nicht sagen",
    "darf ich nicht sagen",
    "weiss ich nicht",
    "weiss nicht",
    "keine ahnung",
    "kommt darauf an",
    "kommt drauf an",
    "musste ich fragen",
    "musste ich nachfragen",
];

/// "Supplier quoted $54/unit, 14-day lead time, Net 30 terms. Contact: Mike Chen."
fn summary(talk: &Talk, wishes: &strategy::Wishes) -> String {
    let mut parts = Vec::new();
    if let Some(price) = extract::price(talk) {
        let price = counter::written_price(price.amount, extract::currency(talk));
        parts.push(format!("{price}/unit"));
    }
    if let Some(minimum) = extract::minimum_order(talk).filter(|minimum| *minimum > 0.0) {
        parts.push(format!("minimum order {minimum}"));
    }
    if let Some(days) = extract::lead_time(talk, extract::Unit::Day) {
        parts.push(format!("{days}-day lead time"));
    }
    if let Some(terms) = extract::payment_terms(talk) {
        parts.push(format!("{terms} terms"));
    }
    let mut summary = match parts.is_empty() {
        true => "No price was quoted.".to_owned(),
        false if extract::price(talk).is_some() => format!("Supplier quoted {}.", parts.join(", ")),
        false => format!("No price was quoted; {}.", parts.join(", ")),
    };
    if wishes.do_not_call.is_some() {
        summary.push_str(" They asked not to be called again.");
    } else if wishes.call_back.is_some() {
        summary.push_str(" They asked to be called back.");
    } else if let Some(name) = extract::contact_name(talk) {
        summary.push_str(&format!(" Contact: {name}."));
    }
    summary
}

export!(PriceInquiry);
