//! `platform.cold_outreach`: calls somebody who did not ask for it, truthfully.
//!
//! Who calls and why is said in one breath, and that it is a sales call. With permission it pitches in
//! one or two sentences of the brief (`pitch`), qualifies in computed steps (`steps`), answers the usual
//! objections once each (`hearing`), and asks for a next step, which it confirms. A clear no ends the
//! call at once. `guard` keeps the model from inventing figures and from denying what it is.

mod guard;
mod hearing;
mod lines;
mod pitch;
mod report;
mod steps;

use agenticcalling_playbook::extract::{Schema, TEXT_VALUE_CHARS_MAX, Talk};
use agenticcalling_playbook::matching::{self, Purpose};
use agenticcalling_playbook::rules::Rules;
use agenticcalling_playbook::strategy::{
    self, BriefFacts, Caller, Courtesy, LANGUAGES, Language, Patience, Prompt, Reply, Settings,
    advise, part,
};
use agenticcalling_playbook::{
    Brief, Clause, Description, ExtractionRequest, Guidance, Plan, Playbook, Report, Turn, Verdict,
    export, withhold,
};
use guard::Guard;
use hearing::{Hearing, Objection, hear};
use lines::Lines;
use pitch::Pitch;
use steps::{Step, qualification};

/// One sales call.
pub struct ColdOutreach {
    brief: Brief,
    caller: Caller,
    settings: Settings,
    facts: BriefFacts,
    rules: Rules,
    guard: Guard,
    pitch: Pitch,
    lines: Lines,
    talk: Talk,
    /// What is still to be asked, next first.
    ahead: Vec<Step>,
    /// What was asked last.
    pending: Step,
    pitched: bool,
    found: Found,
    opened: bool,
    /// They put us through to somebody, who has not spoken yet.
    put_through: bool,
    over: bool,
    courtesy: Courtesy,
    patience: Patience,
}

/// What they have told so far.
#[derive(Clone, Debug, Default)]
struct Found {
    interested: Option<bool>,
    decision_maker: Option<bool>,
    current: Option<String>,
    objections: Vec<Objection>,
    next_step: Option<&'static str>,
    day: Option<String>,
    time: Option<String>,
    email: Option<String>,
}

const APPROACH: &str = "You are making a sales call to somebody who did not ask for it. Say in one breath who \
you are and why you call, say that it is a sales call, and ask whether you may go on. Pitch in one or two \
sentences, only with what is written above: no invented facts, figures, customers or prices. Be warm and \
brief, and let them talk: find out whether they decide, how they do it today, and what the customer wants to \
know. Answer an objection once, understand it rather than argue, then move on. A clear no is a no: thank them \
and end at once, without another question. If there is interest, agree on one next step, a meeting with day \
and time or something by e-mail, and repeat it. When asked, say truthfully that this is a sales call and that \
you are an AI assistant.";

impl Playbook for ColdOutreach {
    fn describe() -> Description {
        Description {
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            config_schema: Settings::schema(),
            ..Description::new(
                "platform.cold_outreach",
                "1.0.0",
                "Cold outreach",
                "Pitches truthfully, qualifies, answers objections once and asks for a next step; a clear no ends it.",
            )
        }
    }

    fn score(objective: &str, language: &str) -> u8 {
        matching::score(Purpose::ColdOutreach, objective, language)
    }

    fn new(brief: Brief) -> Self {
        let language = Language::of(&brief.language);
        let settings = Settings::read(&brief.settings);
        let rules = Rules::compile(&brief.rules);
        let caller = Caller::with_rules(&brief, &rules);
        let facts = BriefFacts::of(&brief);
        let pitch = Pitch::of(&brief, &settings, &facts);
        let mut talk = Talk::new();
        if let Some(name) = &caller.name {
            talk.own_name(name);
        }
        Self {
            guard: Guard::new(&brief, &settings, language),
            lines: Lines { language },
            ahead: qualification(&pitch),
            pending: Step::Permission,
            pitched: false,
            found: Found::default(),
            pitch,
            facts,
            settings,
            rules,
            caller,
            talk,
            brief,
            opened: false,
            put_through: false,
            over: false,
            courtesy: Courtesy::default(),
            patience: Patience::default(),
        }
    }

    fn plan(&mut self) -> Plan {
        let mut agenda = Vec::new();
        for step in qualification(&self.pitch) {
            agenda.push(("to ask".to_owned(), self.lines.step(&step, &self.pitch)));
        }
        let prompt = Prompt {
            brief: &self.brief,
            caller: &self.caller,
            settings: &self.settings,
            approach: APPROACH,
            agenda: &agenda,
        };
        let language = self.lines.language;
        let greeting = self.caller.greeting();
        let purpose = self.lines.purpose(&self.pitch);
        Plan {
            instructions: prompt.text(),
            opening: self.opening(),
            voicemail: join(&[&greeting, &purpose, &self.pitch.text(), language.later()]),
            screening: join(&[&greeting, &purpose]),
            closing: language.closing().into(),
            rules: self.rules.plans(),
            ..Plan::for_brief(&self.brief)
        }
    }

    fn heard(&mut self, turn: Turn) -> Option<Guidance> {
        self.rules.heard(&turn.text);
        self.guard.heard(&turn.text);
        self.talk.push(true, &turn.text);
        let language = self.lines.language;
        let hearing = hear(&self.talk, language);
        if let Some(guidance) = self.heed(&turn.text, &hearing) {
            return Some(guidance);
        }
        if self.over {
            return Some(self.end("The call is over. Say goodbye.", language.goodbye()));
        }
        if hearing.clear_no {
            return Some(self.respect());
        }
        if strategy::is_transfer(&turn.text) {
            self.put_through = true;
            return Some(advise(
                "They put you through. Wait for the other person.",
                language.hold(),
            ));
        }
        if strategy::is_hold(&turn.text) {
            return Some(advise("They need a moment. Wait.", language.wait()));
        }
        if !self.opened {
            return Some(advise("Say who you are and why you call.", &self.opening()));
        }
        if std::mem::take(&mut self.put_through) {
            return Some(self.begin_again(&turn.text, &hearing));
        }
        if strategy::is_farewell(&turn.text) && hearing.email.is_none() {
            return Some(self.settle());
        }
        let guidance = self.answer(&turn.text, &hearing);
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
        self.rules.spoke(&turn.text);
        self.talk.push(false, &turn.text);
    }

    fn check(&mut self, clause: &Clause) -> Verdict {
        match self.rules.check(clause) {
            Verdict::Pass => match self.guard.objection(&clause.text) {
                Some(reason) => withhold(None, reason),
                None => Verdict::Pass,
            },
            verdict => verdict,
        }
    }

    fn may_end(&mut self) -> Result<(), Guidance> {
        if self.over {
            return Ok(());
        }
        if !self.opened {
            return Err(advise("You have not said why you call yet.", &self.opening()));
        }
        self.rules.may_end()
    }

    fn extraction(&mut self) -> ExtractionRequest {
        let criteria =
            self.settings.success_criteria.as_deref().unwrap_or("a next step was agreed");
        ExtractionRequest {
            schema: self.schema().json().to_string(),
            instructions: format!(
                "From the transcript, take what the other side said. Somebody is interested only if they agreed \
                 to a next step. Leave out what was not said. The call is a success if {criteria}."
            ),
        }
    }

    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        let replay: ColdOutreach = strategy::replay(&self.brief, transcript);
        Ok(report::report(&replay, transcript, draft))
    }
}

impl ColdOutreach {
    fn opening(&self) -> String {
        join(&[&self.caller.greeting(), &self.lines.purpose(&self.pitch), self.lines.permission()])
    }

    fn schema(&self) -> Schema {
        self.settings.schema.clone().unwrap_or_else(report::schema)
    }

    fn end(&mut self, instruction: &str, suggestion: &str) -> Guidance {
        self.over = true;
        part(instruction, suggestion)
    }

    /// What they ask for themselves; an address they dictate for our invitation is no such wish.
    fn heed(&mut self, text: &str, hearing: &Hearing) -> Option<Guidance> {
        if hearing.email.is_some() && matches!(self.pending, Step::Email | Step::Address) {
            return None;
        }
        let guidance = self.courtesy.heed(text, &self.brief)?;
        self.over |= guidance.settled;
        if let Some(address) = &hearing.email {
            self.found.email = Some(address.clone());
            self.found.next_step = Some("send information");
        }
        Some(guidance)
    }

    fn respect(&mut self) -> Guidance {
        self.found.interested = Some(false);
        self.end("They said no. End the call at once, politely.", self.lines.respect())
    }

    /// The next person was told nothing yet; or there is no next person.
    fn begin_again(&mut self, text: &str, hearing: &Hearing) -> Guidance {
        if hearing.absent {
            return self.ask("Nobody is there. Offer to call another time.", "", Step::Later);
        }
        if hearing.objection == Some(Objection::NoTime) {
            return self.object(text, Objection::NoTime, hearing);
        }
        self.pitched = false;
        self.found.decision_maker = None;
        self.ahead = qualification(&self.pitch);
        self.pending = Step::Permission;
        advise("Somebody else is on the line. Say who you are and why you call.", &self.opening())
    }

    fn answer(&mut self, text: &str, hearing: &Hearing) -> Guidance {
        self.note(hearing);
        if hearing.asks_if_sales {
            let words = self.lines.yes_sales(&self.pitch);
            return self.again("Say truthfully that it is a sales call.", &words);
        }
        if let Some(objection) = hearing.objection {
            return self.object(text, objection, hearing);
        }
        if hearing.asks_price {
            let price = self.pitch.price.clone();
            let words = price.unwrap_or_else(|| self.lines.no_price().to_owned());
            return self.again("Name only a price that the brief names.", &words);
        }
        if hearing.is_question && hearing.answer.is_none() {
            match strategy::reply(text, &self.caller, &self.facts) {
                Some(Reply::Say(words)) => return self.again("Answer their question.", &words),
                Some(Reply::ComeBack(words)) => {
                    return self.again("You do not know: say you will come back on it.", &words);
                }
                Some(Reply::Invited) | None => {}
            }
        }
        self.advance(text, hearing)
    }

    fn note(&mut self, hearing: &Hearing) {
        if matches!(self.pending, Step::When | Step::Meet | Step::Later | Step::Email) {
            if hearing.day.is_some() {
                self.found.day.clone_from(&hearing.day);
            }
            if hearing.time.is_some() {
                self.found.time.clone_from(&hearing.time);
            }
        }
        if hearing.email.is_some() {
            self.found.email.clone_from(&hearing.email);
        }
    }

    /// An answer to their question, then what was asked last.
    fn again(&self, instruction: &str, answer: &str) -> Guidance {
        advise(instruction, &join(&[answer, &self.lines.step(&self.pending, &self.pitch)]))
    }

    fn ask(&mut self, instruction: &str, before: &str, step: Step) -> Guidance {
        self.pending = step;
        advise(instruction, &join(&[before, &self.lines.step(&step, &self.pitch)]))
    }

    /// Each objection is answered once; said again, it is a no.
    fn object(&mut self, text: &str, objection: Objection, hearing: &Hearing) -> Guidance {
        if self.found.objections.contains(&objection) {
            if objection == Objection::Supplier && self.pending == Step::Improve {
                return self.next("");
            }
            return self.respect();
        }
        self.found.objections.push(objection);
        match objection {
            Objection::NoTime if self.found.day.is_some() || self.found.time.is_some() => {
                self.settle()
            }
            Objection::NoTime => {
                self.ask("They have no time. Offer to call another time.", "", Step::Later)
            }
            Objection::Supplier => {
                self.found.current = Some(clip(text));
                self.ahead.retain(|step| *step != Step::Current);
                self.ask("Take it well and ask what could be better.", "", Step::Improve)
            }
            Objection::SendInfo => {
                self.found.next_step = Some("send information");
                if hearing.email.is_some() {
                    return self.settle();
                }
                self.ask("They want something sent. Ask for the address.", "", Step::Address)
            }
            Objection::TooExpensive => {
                let words = self.lines.concede(objection);
                self.ahead.clear();
                self.ask("Do not argue about the price. Offer the next step.", words, Step::Meet)
            }
        }
    }

    /// What their answer to the pending question leads to.
    fn advance(&mut self, text: &str, hearing: &Hearing) -> Guidance {
        let no = hearing.answer == Some(false);
        match self.pending {
            Step::Permission if no => self.respect(),
            Step::Permission => self.pitch_it(),
            Step::DecisionMaker => {
                self.found.decision_maker = hearing.answer.or(Some(true));
                if no {
                    self.ask("They do not decide. Ask who does.", "", Step::Whom)
                } else {
                    self.next("")
                }
            }
            Step::Whom => {
                self.found.next_step.get_or_insert("talk to the person who decides");
                self.settle()
            }
            Step::Current => {
                self.found.current = Some(clip(text));
                self.next("")
            }
            Step::Timing | Step::Budget | Step::Custom(_) | Step::Improve => self.next(""),
            Step::Meet if no => {
                self.ask("They do not want to meet. Offer an e-mail, once.", "", Step::Instead)
            }
            Step::Meet | Step::When => self.arrange(hearing),
            Step::Instead if no => self.respect(),
            Step::Instead => {
                self.found.next_step = Some("send information");
                if self.found.email.is_some() {
                    return self.settle();
                }
                self.ask("Ask for the address.", "", Step::Address)
            }
            Step::Email | Step::Address => self.take_address(no),
            Step::Later if no => self.respect(),
            Step::Later => {
                self.found.next_step = Some("call back");
                self.settle()
            }
        }
    }

    fn pitch_it(&mut self) -> Guidance {
        self.pitched = true;
        let words = self.pitch.text();
        self.next(&words)
    }

    fn next(&mut self, before: &str) -> Guidance {
        let step = if self.ahead.is_empty() { Step::Meet } else { self.ahead.remove(0) };
        let pitch = if self.pitched { String::new() } else { self.pitch.text() };
        self.pitched = true;
        let before = join(&[before, &pitch]);
        self.ask("Acknowledge what they said, then ask this.", &before, step)
    }

    /// They would meet: day and time, then where the invitation goes.
    fn arrange(&mut self, hearing: &Hearing) -> Guidance {
        let dated = self.found.day.is_some() || self.found.time.is_some();
        if self.pending == Step::When && hearing.answer == Some(false) && !dated {
            return self.ask("They do not want to meet. Offer an e-mail, once.", "", Step::Instead);
        }
        self.found.interested = Some(true);
        self.found.next_step = Some("meeting");
        if self.found.day.is_none() || self.found.time.is_none() && self.pending == Step::Meet {
            return self.ask("Ask for day and time.", "", Step::When);
        }
        if self.found.email.is_none() {
            return self.ask("Ask where the invitation goes.", "", Step::Email);
        }
        self.settle()
    }

    fn take_address(&mut self, no: bool) -> Guidance {
        if self.found.email.is_some() {
            self.found.interested.get_or_insert(true);
        } else if !no {
            let step = self.pending;
            return self.ask("You did not get the address. Ask again.", "", step);
        }
        self.settle()
    }

    /// Repeats what was agreed and says goodbye, unless a rule still wants something said.
    fn settle(&mut self) -> Guidance {
        if let Err(open) = self.rules.may_end() {
            return open;
        }
        let found = &self.found;
        let words =
            self.lines.confirm(found.day.as_deref(), found.time.as_deref(), found.email.as_deref());
        self.end("Repeat what was agreed, thank them and say goodbye.", &words)
    }
}

fn clip(text: &str) -> String {
    text.trim().chars().take(TEXT_VALUE_CHARS_MAX).collect()
}

/// The parts that are not empty, with a space between.
fn join(parts: &[&str]) -> String {
    let said: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    said.join(" ")
}

export!(ColdOutreach);
