//! `platform.complaint`: brings a complaint to a resolution, firmly and politely.
//!
//! The case is read from the brief (`case`): the issue, the facts that prove it, the resolution wanted.
//! Every turn of theirs is read (`hearing`). A vague promise is asked by when and by whom; a refusal
//! climbs a ladder (`escalation`): the customer's alternative, a supervisor, a reference number, the
//! complaint in writing. The call closes by repeating resolution, date and reference. `guard` keeps it
//! courteous.

mod case;
mod escalation;
mod guard;
mod hearing;
mod lines;
mod report;

use agenticcalling_playbook::extract::{self, Schema, Talk};
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
use case::{Case, Resolution};
use escalation::{Escalation, Rung};
use guard::Guard;
use hearing::{Ask, Hearing, hear};
use lines::Lines;

/// One call that complains.
pub struct Complaint {
    brief: Brief,
    caller: Caller,
    settings: Settings,
    facts: BriefFacts,
    rules: Rules,
    guard: Guard,
    case: Case,
    lines: Lines,
    talk: Talk,
    escalation: Escalation,
    outcome: Outcome,
    asked: Asked,
    opened: bool,
    /// Somebody else is coming to the telephone.
    waiting: bool,
    over: bool,
    courtesy: Courtesy,
    patience: Patience,
}

/// What they have said so far.
#[derive(Clone, Debug, Default)]
struct Outcome {
    agreed: Option<Resolution>,
    /// They agreed to put it right without saying how.
    promised: bool,
    date: Option<String>,
    reference: Option<String>,
    escalated_to: Option<&'static str>,
    refused: Option<String>,
    /// What they offered instead of what is wanted.
    declined: Option<Resolution>,
}

/// What we have asked so far.
#[derive(Clone, Debug, Default)]
struct Asked {
    resolution: bool,
    /// By when and by whom.
    details: u8,
    when: bool,
    reference: bool,
    name: bool,
}

const APPROACH: &str = "You are making a complaint for your customer. Be assertive and courteous: calm, \
factual, friendly to the person, firm on the matter. State the issue with its facts (order number, date, \
amount) and ask plainly for the resolution wanted; if none is named, ask what they can do. A promise \
without a date is none: ask by when it will be done and by whom. If they refuse, do not argue in circles; \
take the next step the guidance names: the customer's alternative, a supervisor or manager, a reference \
number for the complaint, the complaint in writing. Accept what the customer would accept, and nothing \
less. Never insult, never exaggerate, and threaten nothing that is not written above. Close by repeating \
the resolution, its date and the reference number.";

impl Playbook for Complaint {
    fn describe() -> Description {
        Description {
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            config_schema: Settings::schema(),
            ..Description::new(
                "platform.complaint",
                "1.0.0",
                "Complaint",
                "Brings a complaint to a resolution: states the facts, asks for what is wanted, escalates in steps.",
            )
        }
    }

    fn score(objective: &str, language: &str) -> u8 {
        matching::score(Purpose::Complaint, objective, language)
    }

    fn new(brief: Brief) -> Self {
        let settings = Settings::read(&brief.settings);
        let rules = Rules::compile(&brief.rules);
        let caller = Caller::with_rules(&brief, &rules);
        let facts = BriefFacts::of(&brief);
        let case = Case::of(&brief, &settings, &facts);
        let mut talk = Talk::new();
        if let Some(name) = &caller.name {
            talk.own_name(name);
        }
        Self {
            guard: Guard::new(&brief, &settings),
            lines: Lines { language: Language::of(&brief.language) },
            escalation: Escalation::default(),
            outcome: Outcome::default(),
            asked: Asked::default(),
            case,
            facts,
            settings,
            rules,
            caller,
            talk,
            brief,
            opened: false,
            waiting: false,
            over: false,
            courtesy: Courtesy::default(),
            patience: Patience::default(),
        }
    }

    fn plan(&mut self) -> Plan {
        let mut agenda = vec![("the resolution wanted".to_owned(), self.lines.ask(self.wanted()))];
        agenda.push(("the date".to_owned(), self.lines.when().to_owned()));
        agenda.push(("a reference number".to_owned(), self.lines.reference().to_owned()));
        let prompt = Prompt {
            brief: &self.brief,
            caller: &self.caller,
            settings: &self.settings,
            approach: APPROACH,
            agenda: &agenda,
        };
        let language = self.lines.language;
        let greeting = self.caller.greeting();
        let issue = self.lines.issue(&self.case);
        Plan {
            instructions: prompt.text(),
            opening: self.opening(),
            voicemail: join(&[&greeting, &issue, &self.stated_facts(), language.later()]),
            screening: join(&[&greeting, &issue]),
            closing: language.closing().into(),
            rules: self.rules.plans(),
            ..Plan::for_brief(&self.brief)
        }
    }

    fn heard(&mut self, turn: Turn) -> Option<Guidance> {
        self.rules.heard(&turn.text);
        self.talk.push(true, &turn.text);
        if let Some(guidance) = self.heed(&turn.text) {
            return Some(guidance);
        }
        let language = self.lines.language;
        if self.over {
            return Some(self.end("The call is over. Say goodbye.", language.goodbye()));
        }
        let wants_reference = self.asked.reference && self.outcome.reference.is_none();
        let hearing = hear(&self.talk, &self.case, language, wants_reference);
        if hearing.transfers {
            return Some(self.transferred());
        }
        if strategy::is_hold(&turn.text) {
            return Some(advise("They need a moment. Wait.", language.wait()));
        }
        if !self.opened {
            return Some(advise("Say who you are and what is wrong.", &self.opening()));
        }
        if strategy::is_farewell(&turn.text) && self.asked.resolution {
            self.take_details(&hearing);
            return Some(self.part_now());
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
        if !self.asked.resolution {
            let words = self.lines.ask(self.wanted());
            return Err(advise("You have not asked for a resolution yet.", &words));
        }
        self.rules.may_end()
    }

    fn extraction(&mut self) -> ExtractionRequest {
        let criteria = self
            .settings
            .success_criteria
            .as_deref()
            .unwrap_or("the resolution wanted was agreed to");
        ExtractionRequest {
            schema: self.schema().json().to_string(),
            instructions: format!(
                "From the transcript, take what the other side agreed to, by when, and under which reference \
                 number. A vague promise is no resolution. Leave out what was not said, and never take the \
                 caller's own order number for a reference. The call is a success if {criteria}."
            ),
        }
    }

    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        let replay: Complaint = strategy::replay(&self.brief, transcript);
        Ok(report::report(&replay, transcript, draft))
    }
}

impl Complaint {
    fn opening(&self) -> String {
        let ask = self.lines.language.pick([
            "Can you help me with that?",
            "¿Puede ayudarme con eso?",
            "Pouvez-vous m'aider ?",
            "Können Sie mir da helfen?",
        ]);
        join(&[&self.caller.greeting(), &self.lines.issue(&self.case), ask])
    }

    fn stated_facts(&self) -> String {
        self.lines.facts(&self.case).unwrap_or_default()
    }

    fn wanted(&self) -> Option<Resolution> {
        self.case.wanted.first().copied()
    }

    fn schema(&self) -> Schema {
        self.settings.schema.clone().unwrap_or_else(report::schema)
    }

    fn end(&mut self, instruction: &str, suggestion: &str) -> Guidance {
        self.over = true;
        part(instruction, suggestion)
    }

    fn heed(&mut self, text: &str) -> Option<Guidance> {
        let guidance = self.courtesy.heed(text, &self.brief)?;
        self.over |= guidance.settled;
        Some(guidance)
    }

    fn transferred(&mut self) -> Guidance {
        self.waiting = true;
        self.outcome.escalated_to = Some("supervisor");
        self.escalation.reached(Rung::Supervisor);
        advise("They put you through. Wait for the other person.", self.lines.language.hold())
    }

    fn answer(&mut self, text: &str, hearing: &Hearing) -> Guidance {
        if self.waiting {
            self.waiting = false;
            self.escalation.begin_again();
            return self.state_again();
        }
        if self.outcome.agreed.is_some() || self.outcome.promised {
            self.take_details(hearing);
            return self.wrap_up(text);
        }
        if let Some(answer) = self.fact_answer(hearing.asks) {
            return self.ask_after(&answer);
        }
        if !self.asked.resolution && !hearing.refuses && hearing.offers.is_empty() {
            return self.ask_first(text);
        }
        self.take_details(hearing);
        self.weigh(text, hearing)
    }

    /// To the next person: the whole case once more.
    fn state_again(&mut self) -> Guidance {
        self.asked.resolution = true;
        let words = join(&[
            &self.lines.issue(&self.case),
            &self.stated_facts(),
            &self.lines.ask(self.wanted()),
        ]);
        advise(
            "Somebody else is on the line. State the case again and ask for the resolution.",
            &words,
        )
    }

    fn ask_first(&mut self, text: &str) -> Guidance {
        self.asked.resolution = true;
        let reply = match strategy::reply(text, &self.caller, &self.facts) {
            Some(Reply::Say(words)) => words,
            _ => String::new(),
        };
        let words = join(&[&reply, &self.stated_facts(), &self.lines.ask(self.wanted())]);
        advise("State the facts and ask for the resolution.", &words)
    }

    fn ask_after(&mut self, answer: &str) -> Guidance {
        self.asked.resolution = true;
        let words = join(&[answer, &self.lines.ask(self.wanted())]);
        advise("Answer from the facts of the case and ask for the resolution.", &words)
    }

    fn fact_answer(&self, asks: Option<Ask>) -> Option<String> {
        match asks? {
            Ask::Order => self.lines.order(&self.case),
            Ask::Date => self.lines.date(&self.case),
            Ask::Amount => self.lines.amount(&self.case),
            Ask::Issue => Some(join(&[&self.lines.issue(&self.case), &self.stated_facts()])),
            Ask::Wish => Some(String::new()),
        }
    }

    fn take_details(&mut self, hearing: &Hearing) {
        if hearing.when.is_some() {
            self.outcome.date.clone_from(&hearing.when);
        }
        if hearing.reference.is_some() {
            self.outcome.reference.clone_from(&hearing.reference);
        }
    }

    /// What their answer to the request amounts to.
    fn weigh(&mut self, text: &str, hearing: &Hearing) -> Guidance {
        if let Some(offered) = self.acceptable(hearing) {
            self.outcome.agreed = Some(offered);
            return self.wrap_up(text);
        }
        if let Some(offered) = hearing.offers.first().copied() {
            return self.decline(text, offered);
        }
        if hearing.refuses {
            return self.escalate(text);
        }
        if hearing.vague {
            return self.pin_down(text, hearing);
        }
        if hearing.yes {
            return self.take_yes(text);
        }
        if self.escalation.is_asked() && hearing.reference.is_some() {
            return self.escalate(text);
        }
        let reply = match strategy::reply(text, &self.caller, &self.facts) {
            Some(Reply::Say(words) | Reply::ComeBack(words)) => words,
            _ => String::new(),
        };
        let again = match self.escalation.current() {
            Some(rung) => self.rung_words(rung),
            None => self.lines.ask(self.wanted()),
        };
        advise("It is not clear what they will do. Ask again.", &join(&[&reply, &again]))
    }

    /// An offer that the customer would take; with no wish named, any that no rule forbids.
    fn acceptable(&self, hearing: &Hearing) -> Option<Resolution> {
        if hearing.vague && !hearing.yes {
            return None;
        }
        let mut offers = hearing.offers.iter().copied();
        match self.case.wanted.is_empty() {
            true => offers.find(|offer| !self.case.unwanted.contains(offer)),
            false => offers.find(|offer| self.case.wanted.contains(offer)),
        }
    }

    /// Yes to what was asked last: the resolution, a supervisor, the address.
    fn take_yes(&mut self, text: &str) -> Guidance {
        match self.escalation.current() {
            None => {
                self.outcome.agreed = self.wanted();
                self.outcome.promised = self.outcome.agreed.is_none();
                self.wrap_up(text)
            }
            Some(Rung::Alternative(other)) => {
                self.outcome.agreed = Some(other);
                self.wrap_up(text)
            }
            Some(Rung::Supervisor) => self.transferred(),
            Some(Rung::Register | Rung::Writing) => self.escalate(text),
        }
    }

    fn decline(&mut self, text: &str, offered: Resolution) -> Guidance {
        let first = self.outcome.declined.is_none();
        self.outcome.declined = Some(offered);
        match self.wanted().filter(|_| first) {
            Some(wanted) => advise(
                "They offer something else. Decline kindly and ask again.",
                &self.lines.rather(wanted),
            ),
            None => self.escalate(text),
        }
    }

    /// "We'll look into it": by when, and by whom?
    fn pin_down(&mut self, text: &str, hearing: &Hearing) -> Guidance {
        const DETAILS_MAX: u8 = 2;
        if self.asked.details > 0 && hearing.when.is_some() {
            self.outcome.promised = true;
            return self.wrap_up(text);
        }
        if self.asked.details >= DETAILS_MAX {
            return self.escalate(text);
        }
        self.asked.details += 1;
        advise("That is a vague promise. Ask by when and by whom.", self.lines.when_and_who())
    }

    fn escalate(&mut self, text: &str) -> Guidance {
        if self.outcome.refused.is_none() && self.escalation.current().is_none() {
            self.outcome.refused = Some(text.trim().to_owned());
        }
        let known = self.outcome.reference.is_some();
        match self.escalation.climb(&self.case.wanted, known) {
            Some(rung) => {
                self.asked.reference |= rung == Rung::Register;
                advise(rung.instruction(), &self.rung_words(rung))
            }
            None => self.part_now(),
        }
    }

    fn rung_words(&self, rung: Rung) -> String {
        match rung {
            Rung::Alternative(other) => self.lines.alternative(other),
            Rung::Supervisor => self.lines.supervisor().to_owned(),
            Rung::Register => self.lines.register().to_owned(),
            Rung::Writing => self.lines.writing().to_owned(),
        }
    }

    /// It is agreed: by when, under which reference, with whom; then everything once more.
    fn wrap_up(&mut self, text: &str) -> Guidance {
        let answer = match strategy::reply(text, &self.caller, &self.facts) {
            Some(Reply::Say(words)) => words,
            _ => String::new(),
        };
        if self.outcome.date.is_none() && !self.asked.when {
            self.asked.when = true;
            return advise("Ask by when.", &join(&[&answer, self.lines.when()]));
        }
        if self.outcome.reference.is_none() && !self.asked.reference {
            self.asked.reference = true;
            return advise(
                "Ask for a reference number.",
                &join(&[&answer, self.lines.reference()]),
            );
        }
        if extract::contact_name(&self.talk).is_none() && !self.asked.name {
            self.asked.name = true;
            return advise("Ask for their name.", &join(&[&answer, self.lines.name()]));
        }
        self.part_now()
    }

    /// What was reached, once more, and goodbye.
    fn part_now(&mut self) -> Guidance {
        let outcome = &self.outcome;
        let (date, reference) = (outcome.date.as_deref(), outcome.reference.as_deref());
        if outcome.agreed.is_none() && !outcome.promised {
            let words = self.lines.unsettled(reference);
            return self.close("Nothing more can be had today. Part politely.", words);
        }
        let resolution = outcome.agreed.map(|agreed| self.lines.noun(agreed));
        let words = self.lines.recap(resolution, date, reference);
        self.close("Repeat resolution, date and reference, thank them and say goodbye.", words)
    }

    /// Farewell, unless a rule still wants something said.
    fn close(&mut self, instruction: &str, words: String) -> Guidance {
        match self.rules.may_end() {
            Err(open) => open,
            Ok(()) => self.end(instruction, &words),
        }
    }
}

/// The parts that are not empty, with a space between.
fn join(parts: &[&str]) -> String {
    let said: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    said.join(" ")
}

export!(Complaint);
