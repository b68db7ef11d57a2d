//! `platform.negotiation`: haggles over a price.
//!
//! The bargaining is computed. The brief gives the target and the walk-away price (`terms`), a plan of
//! shrinking concessions lies between them (`plan`), every turn of theirs is read (`hearing`) and
//! answered by one move (`bargain`), and `lines` words it. `guard` keeps the model from passing the
//! walk-away price, from revealing it and from inventing a competing quote; the rule kit keeps the
//! customer's rules above all of that.

mod bargain;
mod cues;
mod figures;
mod guard;
mod hearing;
mod lines;
mod plan;
mod report;
mod subject;
mod terms;

use agenticcalling_playbook::extract::{self, Schema, Talk, Utterance, Value};
use agenticcalling_playbook::matching::{self, Purpose};
use agenticcalling_playbook::rules::Rules;
use agenticcalling_playbook::strategy::{
    self, BriefFacts, Caller, Courtesy, LANGUAGES, Language, Patience, Prompt, Reply, Settings,
    Spoken, advise, part,
};
use agenticcalling_playbook::{
    Brief, Clause, Description, ExtractionRequest, Guidance, Plan, Playbook, Report, Turn, Verdict,
    export, withhold,
};
use bargain::{Bargain, Move};
use guard::Guard;
use hearing::{Hearing, hear};
use lines::Lines;
use terms::Terms;

/// One call that haggles.
pub struct Negotiation {
    brief: Brief,
    caller: Caller,
    settings: Settings,
    facts: BriefFacts,
    rules: Rules,
    guard: Guard,
    bargain: Bargain,
    lines: Lines,
    talk: Talk,
    opened: bool,
    /// The price has been talked about.
    started: bool,
    /// They have to decide without us, and were asked by when.
    deferred: bool,
    /// A price under a condition was put aside once.
    conditioned: bool,
    confirmation_asked: bool,
    name_asked: bool,
    over: bool,
    courtesy: Courtesy,
    patience: Patience,
}

const APPROACH: &str = "You are negotiating a price for your customer. The numbers are not yours to \
decide: before each of your turns the guidance tells you the move and, where it is an offer, the exact \
price. Name that price and no other. Begin low (or high, when you sell), give reasons, and give way only \
when they do, each time less than before. Trade rather than give: ask what a larger order, faster payment \
or a longer term would do to the price. Be friendly to the person and firm on the price; let silence work. \
Never reveal the target, the budget or the walk-away price, not even when asked directly; say that you \
would rather not name a limit. Never claim anything untrue: no invented competing quote, no invented \
deadline, no invented authority. Mention a competing quote only if it is written above, once, with its \
true price. Never agree to a price unless the guidance says so. When you agree, repeat the price and ask \
for a written confirmation. If no agreement is possible, thank them and say that you will take it back to \
your client.";

impl Playbook for Negotiation {
    fn describe() -> Description {
        Description {
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            config_schema: Settings::schema(),
            ..Description::new(
                "platform.negotiation",
                "1.0.0",
                "Negotiation",
                "Haggles over a price: anchors, counter-offers by a computed plan, never passes the walk-away price.",
            )
        }
    }

    fn score(objective: &str, language: &str) -> u8 {
        matching::score(Purpose::Negotiation, objective, language)
    }

    fn new(brief: Brief) -> Self {
        let language = Language::of(&brief.language);
        let settings = Settings::read(&brief.settings);
        let rules = Rules::compile(&brief.rules);
        let caller = Caller::with_rules(&brief, &rules);
        let facts = BriefFacts::of(&brief);
        let terms = terms_of(&brief, &settings, &facts, &rules);
        let mut talk = Talk::new();
        if let Some(name) = &caller.name {
            talk.own_name(name);
        }
        Self {
            guard: Guard::new(&terms, language),
            lines: Lines {
                language,
                side: terms.side,
                currency: terms.currency,
                per_unit: terms.per_unit,
                subject: subject::of(&brief.objective),
            },
            facts: without_amounts(facts),
            bargain: Bargain::new(terms),
            settings,
            rules,
            caller,
            talk,
            brief,
            opened: false,
            started: false,
            deferred: false,
            conditioned: false,
            confirmation_asked: false,
            name_asked: false,
            over: false,
            courtesy: Courtesy::default(),
            patience: Patience::default(),
        }
    }

    fn plan(&mut self) -> Plan {
        let prompt = Prompt {
            brief: &self.brief,
            caller: &self.caller,
            settings: &self.settings,
            approach: APPROACH,
            agenda: &[],
        };
        let language = self.lines.language;
        let purpose = self.lines.purpose();
        Plan {
            instructions: prompt.text(),
            opening: self.opening(),
            voicemail: format!("{} {purpose} {}", self.caller.greeting(), language.later()),
            screening: format!("{} {purpose}", self.caller.greeting()),
            closing: language.closing().into(),
            rules: self.rules.plans(),
            ..Plan::for_brief(&self.brief)
        }
    }

    fn heard(&mut self, turn: Turn) -> Option<Guidance> {
        let language = self.lines.language;
        let text = figures::plain(&turn.text, language);
        self.rules.heard(&text);
        self.guard.heard(&text);
        self.talk.push(true, &text);
        if let Some(guidance) = self.courtesy.heed(&text, &self.brief) {
            self.over |= guidance.settled;
            return Some(guidance);
        }
        if self.over || self.bargain.left {
            return Some(self.end("The call is over. Say goodbye.", language.goodbye()));
        }
        if strategy::is_hold(&text) {
            return Some(advise("They need a moment. Wait.", language.wait()));
        }
        if !self.opened {
            return Some(advise("Say who you are and what the call is about.", &self.opening()));
        }
        let guidance = self.answer(&text);
        if self.patience.is_lost(guidance.suggestion.as_deref().unwrap_or_default()) {
            return Some(
                self.end(
                    "The conversation goes in circles. End it politely.",
                    language.in_circles(),
                ),
            );
        }
        Some(guidance)
    }

    fn spoke(&mut self, turn: Turn) {
        self.opened = true;
        let text = figures::plain(&turn.text, self.lines.language);
        self.rules.spoke(&text);
        self.guard.spoke(&text);
        let prices = amounts_in(&text, &self.bargain);
        let spoken = Spoken::of(&text);
        let accepted = spoken.has(self.lines.language.pick(guard::AGREES));
        self.bargain.said(&prices, accepted);
        if self.bargain.agreed.is_some() {
            self.confirmation_asked |= spoken.has(self.lines.language.pick(IN_WRITING));
        }
        self.talk.push(false, &text);
    }

    fn check(&mut self, clause: &Clause) -> Verdict {
        let plain = |text: &str| {
            subject::without_quantity(
                &figures::plain(text, self.lines.language),
                self.lines.subject.as_deref(),
            )
        };
        let clause = Clause { text: plain(&clause.text), said: plain(&clause.said), ..*clause };
        match self.rules.check(&clause) {
            Verdict::Pass => match self.guard.objection(&clause, self.bargain.theirs()) {
                Some(reason) => withhold(None, reason),
                None => Verdict::Pass,
            },
            verdict => verdict,
        }
    }

    fn may_end(&mut self) -> Result<(), Guidance> {
        if self.over || self.bargain.left {
            return Ok(());
        }
        if let Some(price) = self.bargain.agreed.filter(|_| !self.confirmation_asked) {
            let instruction = "Before you end the call, ask for a written confirmation.";
            return Err(advise(instruction, &self.lines.accept(price)));
        }
        if !self.started {
            let question = self.lines.say(Move::AskPrice { again: false });
            return Err(advise("You have not talked about the price yet.", &question));
        }
        self.rules.may_end()
    }

    fn extraction(&mut self) -> ExtractionRequest {
        let criteria = self.settings.success_criteria.as_deref().unwrap_or("a price was agreed");
        ExtractionRequest {
            schema: self.schema().json().to_string(),
            instructions: format!(
                "From the transcript, take what came of the negotiation. The agreed price is the one both \
                 sides said yes to; leave it out if there was none. The final offer is the last price the other \
                 side stood by. Use the corrected value where something was corrected, and leave out what was \
                 not said. The call is a success if {criteria}."
            ),
        }
    }

    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        let mut plain = transcript.to_vec();
        for turn in &mut plain {
            turn.text = figures::plain(&turn.text, self.lines.language).into_owned();
        }
        let replay: Negotiation = strategy::replay(&self.brief, &plain);
        Ok(report::report(&replay, &plain, draft))
    }
}

impl Negotiation {
    fn opening(&self) -> String {
        format!("{} {} {}", self.caller.greeting(), self.lines.purpose(), self.lines.help())
    }

    fn schema(&self) -> Schema {
        self.settings.schema.clone().unwrap_or_else(report::schema)
    }

    fn end(&mut self, instruction: &str, suggestion: &str) -> Guidance {
        self.over = true;
        part(instruction, suggestion)
    }

    fn answer(&mut self, text: &str) -> Guidance {
        let ours = self.bargain.own_offers();
        let reference = self.bargain.reference();
        let mut hearing =
            hear(&self.talk, self.bargain.terms(), self.lines.language, &ours, reference);
        self.take_for_our_trade(&mut hearing, text);
        self.learn_currency();
        if let Some(agreed) = self.bargain.agreed {
            if !self.takes_back(agreed, &hearing) {
                return self.wrap_up(agreed, text);
            }
            self.bargain.reopen();
            self.confirmation_asked = false;
        }
        if let Some(offer) = self.accepted(&hearing) {
            self.bargain.agree(offer);
            let instruction = "They agreed to your offer. Confirm it and ask for it in writing.";
            return advise(instruction, &self.lines.accept(offer));
        }
        if let Some(guidance) = self.put_aside(&hearing, text) {
            return guidance;
        }
        self.bargain_on(&hearing, text)
    }

    /// A price for what we have just offered them hangs on nothing that is not ours to give.
    fn take_for_our_trade(&self, hearing: &mut Hearing, text: &str) {
        let Some(trade) = self.bargain.trade_offered() else { return };
        if hearing.price.is_none() && Spoken::of(text).has(trade.cues()) {
            hearing.price = hearing.conditional.take();
        }
    }

    fn learn_currency(&mut self) {
        if self.lines.currency.is_none() {
            self.lines.currency = extract::currency(&self.talk);
        }
    }

    /// Our offer, if they said yes to it and to nothing else.
    fn accepted(&self, hearing: &Hearing) -> Option<f64> {
        self.bargain
            .on_the_table()
            .filter(|offer| self.started && hearing.accepts && self.named_last(*offer))
    }

    /// Our last turn named the offer, so that a yes is a yes to it.
    fn named_last(&self, offer: f64) -> bool {
        let ours = self.talk.heard().iter().rev().find(|heard| !heard.callee);
        ours.is_some_and(|ours| {
            let named = ours.facts.iter().filter_map(|fact| fact.value.number());
            named.into_iter().any(|amount| (amount - offer).abs() <= plan::EQUAL)
        })
    }

    /// A worse price than the one agreed to.
    fn takes_back(&self, agreed: f64, hearing: &Hearing) -> bool {
        let side = self.bargain.terms().side;
        hearing.price.is_some_and(|price| side.is_better(agreed, price))
    }

    /// What is no answer to our price: a condition, a decision that is not theirs, a farewell.
    fn put_aside(&mut self, hearing: &Hearing, text: &str) -> Option<Guidance> {
        if hearing.price.is_some() {
            return None;
        }
        if hearing.conditional.is_some() && !self.conditioned {
            self.conditioned = true;
            self.started = true;
            let instruction =
                "Their price hangs on a condition. Do not accept it; ask for one without.";
            return Some(advise(instruction, self.lines.condition()));
        }
        if hearing.undecided && !self.deferred {
            self.deferred = true;
            return Some(advise(
                "They cannot decide now. Ask by when they can.",
                self.lines.when(),
            ));
        }
        let farewell = strategy::is_farewell(text);
        if self.deferred || farewell && self.started {
            return Some(
                self.close("No agreement in this call. Part politely.", self.lines.leave().into()),
            );
        }
        None
    }

    fn bargain_on(&mut self, hearing: &Hearing, text: &str) -> Guidance {
        let reply = strategy::reply(text, &self.caller, &self.facts);
        let about_price = hearing.price.is_some()
            || hearing.refuses
            || hearing.firm
            || hearing.asks_offer
            || hearing.conditional.is_some();
        if hearing.asks_limit && hearing.price.is_none() {
            return self.keep_the_limit(hearing);
        }
        let words = match reply {
            Some(Reply::Say(words)) if !hearing.asks_offer => {
                Some((words, "Answer their question. "))
            }
            Some(Reply::ComeBack(words)) if !about_price => Some((
                words,
                "You do not know the answer: say you will come back on it, invent nothing. ",
            )),
            _ => None,
        };
        match words {
            Some((words, instruction)) if !about_price && self.started => {
                advise(instruction, &format!("{words} {}", self.nudge()))
            }
            Some((words, instruction)) => self.make_move(hearing, &words, instruction),
            None if !about_price && self.started && !hearing.accepts => {
                advise("It is not clear what they want. Ask again.", &self.nudge())
            }
            None => self.make_move(hearing, "", ""),
        }
    }

    fn keep_the_limit(&mut self, hearing: &Hearing) -> Guidance {
        let refusal = self.lines.no_limit();
        let instruction = "Do not reveal any limit. ";
        match self.bargain.offers().last() {
            Some(offer) => {
                advise(instruction, &format!("{refusal} {}", self.lines.restate(*offer)))
            }
            None => self.make_move(hearing, refusal, instruction),
        }
    }

    fn make_move(&mut self, hearing: &Hearing, before: &str, instruction: &str) -> Guidance {
        self.started = true;
        let conceding = !self.bargain.offers().is_empty();
        let moved = hearing.price.is_some() || hearing.accepts;
        let chosen = self.bargain.respond(hearing);
        let words = match chosen {
            Move::Offer(price) if conceding && moved => self.lines.concession(price),
            chosen => self.lines.say(chosen),
        };
        let words = format!("{before} {words}");
        let instruction = format!("{instruction}{}", instruction_for(chosen));
        if chosen == Move::Leave {
            self.close(&instruction, words)
        } else {
            advise(&instruction, &words)
        }
    }

    /// What to say again when nothing new was heard.
    fn nudge(&self) -> String {
        match self.bargain.offers().last() {
            Some(offer) => self.lines.restate(*offer),
            None => self.lines.say(Move::AskPrice { again: false }),
        }
    }

    /// Agreed: written confirmation, a name, what the rules still want, goodbye.
    fn wrap_up(&mut self, agreed: f64, text: &str) -> Guidance {
        let answer = match strategy::reply(text, &self.caller, &self.facts) {
            Some(Reply::Say(words) | Reply::ComeBack(words)) => format!("{words} "),
            _ => String::new(),
        };
        if !self.confirmation_asked {
            let words = format!("{answer}{}", self.lines.accept(agreed));
            return advise("Repeat the price and ask for it in writing.", &words);
        }
        let name = extract::contact_name(&self.talk);
        if name.is_none() && !self.name_asked {
            self.name_asked = true;
            return advise("Ask for their name.", &format!("{answer}{}", self.lines.name()));
        }
        let first = name.as_deref().and_then(|name| name.split(' ').next());
        let words = format!("{answer}{}", self.lines.thanks(first));
        self.close("It is agreed. Thank them and say goodbye.", words)
    }

    /// Farewell, unless a rule still wants something said.
    fn close(&mut self, instruction: &str, words: String) -> Guidance {
        match self.rules.may_end() {
            Err(open) => open,
            Ok(()) => self.end(instruction, &words),
        }
    }
}

fn instruction_for(chosen: Move) -> &'static str {
    match chosen {
        Move::AskPrice { .. } => "Let them name a price first; name none yourself.",
        Move::Offer(_) => "Make exactly this offer and wait for their answer.",
        Move::Compete(_) => {
            "Mention the competing quote with its true price, this once, and ask them to match it."
        }
        Move::Trade(..) => "Do not move on the price. Ask what this would be worth to them.",
        Move::Insist => "Do not move on the price. Ask whether there is anything more they can do.",
        Move::Final(_) => "Make this offer as your last one, politely.",
        Move::Hold(_) => {
            "They went back on the price agreed to. Offer nothing new; ask them to keep to it."
        }
        Move::Accept(_) => "Accept this price, repeat it and ask for it in writing.",
        Move::Leave => "Their price is not acceptable. Do not accept it; part politely.",
    }
}

/// The terms, with every figure of the brief written the English way.
fn terms_of(brief: &Brief, settings: &Settings, facts: &BriefFacts, rules: &Rules) -> Terms {
    let language = Language::of(&brief.language);
    let plain = |text: &String| figures::plain(text, language).into_owned();
    let mut brief = brief.clone();
    brief.objective = plain(&brief.objective);
    brief.context = brief.context.as_ref().map(plain);
    brief.rules = brief.rules.iter().map(plain).collect();
    let mut settings = settings.clone();
    settings.strategy = settings.strategy.as_ref().map(plain);
    Terms::of(&brief, &settings, facts, rules)
}

/// Sentences with amounts are not for the other side's ears.
fn without_amounts(mut facts: BriefFacts) -> BriefFacts {
    facts.sentences.retain(|sentence| {
        let talk = Talk::read(&[Utterance::ours(sentence.as_str())]);
        talk.facts().all(|(_, fact)| !matches!(fact.value, Value::Money { .. } | Value::Percent(_)))
    });
    facts
}

/// The prices in a turn of ours. What bears no currency is one only near the price talked about: "a
/// larger one" is no offer.
fn amounts_in(text: &str, bargain: &Bargain) -> Vec<f64> {
    const CUED_FACTOR: f64 = 5.0;
    const BARE_FACTOR: f64 = 2.0;
    let talk = Talk::read(&[Utterance::ours(text)]);
    let reference = bargain.reference();
    let within =
        |amount: f64, known: f64, factor: f64| amount * factor > known && amount < known * factor;
    let mut prices = Vec::new();
    for (_, fact) in talk.facts().filter(|(_, fact)| !fact.negated && !fact.corrected) {
        let (amount, fits) = match fact.value {
            Value::Money { amount, currency: None, .. } => {
                (amount, reference.is_none_or(|known| within(amount, known, CUED_FACTOR)))
            }
            Value::Money { amount, .. } => (amount, true),
            Value::Number(amount) => {
                (amount, reference.is_some_and(|known| within(amount, known, BARE_FACTOR)))
            }
            _ => continue,
        };
        if fits && amount > 0.0 && amount < terms::PRICE_MAX {
            prices.push(amount);
        }
    }
    prices
}

const IN_WRITING: [&[&str]; 4] = [
    &["in writing", "written", "confirm", "confirmation", "by email", "email"],
    &["por escrito", "confirm*", "correo"],
    &["par écrit", "confirm*", "mail"],
    &["schriftlich", "bestätig*", "mail"],
];

export!(Negotiation);
