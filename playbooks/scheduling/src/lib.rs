//! `platform.scheduling`: moves, cancels or confirms an appointment.
//!
//! The strategy is direct. The component holds the old and the new time and what would do instead;
//! it says whose appointment it is, takes the best acceptable slot among those offered, declines the
//! others and asks for the next, says old and new time back, and asks for a fee when it cancels. It
//! agrees to nothing that costs. The model words it.

mod lines;
mod report;

use std::cell::OnceCell;

use agenticcalling_playbook::extract::{Talk, Utterance, Value, words};
use agenticcalling_playbook::matching::{self, Purpose};
use agenticcalling_playbook::rules::Rules;
use agenticcalling_playbook::strategy::slots::{
    Action, Ask, Calendar, Change, Current, Kind, Person, Said, Search, Slot, Step, Wish, code_in,
    questions, speaks_of_number, spoken,
};
use agenticcalling_playbook::strategy::{
    self, BriefFacts, Caller, Courtesy, LANGUAGES, Language, Obligation, Patience, Prompt, Reply,
    Settings, advise, obligations_in, part, slots,
};
use agenticcalling_playbook::{
    Brief, Clause, Description, ExtractionRequest, Guidance, Plan, Playbook, Report, Speaker, Turn,
    Verdict, export, withhold,
};

/// One call about an appointment.
pub struct Scheduling {
    brief: Brief,
    caller: Caller,
    language: Language,
    calendar: Calendar,
    facts: BriefFacts,
    person: Person,
    action: Action,
    current: Current,
    search: Search,
    settings: OnceCell<Settings>,
    rules: Rules,
    questions: Vec<Question>,
    courtesy: Courtesy,
    patience: Patience,
    /// We have said something.
    opened: bool,
    /// The call is over, whatever is open.
    over: bool,
    /// Turns of theirs.
    turns: u16,
    last: String,
    /// They said that it is done.
    done: bool,
    repeated: u8,
    said_back: Option<Slot>,
    /// It was said back and they let it stand.
    confirmed: bool,
    /// We asked whether cancelling costs anything.
    asked_fee: bool,
    fee: Option<f64>,
    reference: Option<String>,
    /// What they have in their book instead of what was to be confirmed.
    theirs: Option<Slot>,
    refusals: u8,
    money: u8,
}

/// A question that is put once the appointment is settled.
struct Question {
    wording: String,
    /// Of the rules: how it is known that we asked.
    obligation: Option<Obligation>,
    asked: bool,
}

/// After so many turns of theirs the call is ended politely.
const TURNS_MAX: u16 = 40;
/// The details are said back so often at most.
const REPEATED_MAX: u8 = 3;
/// A cancellation or a confirmation is asked for again so often.
const REFUSALS_MAX: u8 = 2;

const APPROACH: &str = "You are calling about an appointment that exists. Be direct: say at once whose \
appointment it is, when it is, and whether it is to be moved, cancelled or confirmed. Identify it with \
what they ask for, as far as it is written here: name, date of birth, reference number. What is not \
written here you do not know: say that you will come back on it. When moving, name the new time wished \
first, then the alternatives in their order. The guidance before each of your turns has already compared \
what they offer with what the customer accepts: take it when it says so, decline it and ask for another \
when it says so, however they press you. Say old and new time back before you hang up, and let them \
correct you. When cancelling, ask whether a fee applies; agree to no fee and no payment. When \
confirming, have them say that day and time are right; if they have another time, ask them to look once \
more, then take note of theirs without accepting it.";

impl Playbook for Scheduling {
    fn describe() -> Description {
        Description {
            config_schema: Settings::schema(),
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            ..Description::new(
                "platform.scheduling",
                "1.0.0",
                "Scheduling",
                "Moves, cancels or confirms an appointment and says the old and the new time back.",
            )
        }
    }

    fn score(objective: &str, language: &str) -> u8 {
        matching::score(Purpose::Scheduling, objective, language)
    }

    fn new(brief: Brief) -> Self {
        let rules = Rules::compile(&brief.rules);
        let caller = Caller::with_rules(&brief, &rules);
        let calendar = Calendar::of(&brief);
        let facts = BriefFacts::of(&brief);
        let change = Change::of(&brief, calendar);
        let mut asked = Vec::new();
        for wording in questions(&brief.objective) {
            asked.push(Question { wording, obligation: None, asked: false });
        }
        for obligation in obligations_in(&brief.rules, Language::of(&brief.language)) {
            let wording = obligation.question.clone();
            asked.push(Question { wording, obligation: Some(obligation), asked: false });
        }
        let person = Person::of(&brief, &caller, &facts);
        Self {
            language: Language::of(&brief.language),
            action: change.action,
            current: change.current,
            search: Search::new(change.wish, calendar),
            reference: None,
            person,
            calendar,
            facts,
            settings: OnceCell::new(),
            rules,
            caller,
            questions: asked,
            brief,
            courtesy: Courtesy::default(),
            patience: Patience::default(),
            opened: false,
            over: false,
            turns: 0,
            last: String::new(),
            done: false,
            repeated: 0,
            said_back: None,
            confirmed: false,
            asked_fee: false,
            fee: None,
            theirs: None,
            refusals: 0,
            money: 0,
        }
    }

    fn plan(&mut self) -> Plan {
        let mut agenda = vec![("what the call is about".to_owned(), self.request())];
        if matches!(self.action, Action::Move | Action::Make) {
            for choice in 1..self.search.wish.choices.len() {
                let wording = lines::alternative(self.language, &self.when(choice), false);
                agenda.push((
                    format!("alternative {choice}, if what comes before is not possible"),
                    wording,
                ));
            }
        }
        for question in &self.questions {
            agenda.push(("a question once it is settled".to_owned(), question.wording.clone()));
        }
        let prompt = Prompt {
            brief: &self.brief,
            caller: &self.caller,
            settings: self.settings(),
            approach: APPROACH,
            agenda: &agenda,
        };
        let (greeting, wanted) = (self.caller.greeting(), self.wanted());
        Plan {
            instructions: prompt.text(),
            opening: self.opening(),
            voicemail: format!("{greeting} {wanted} {}", self.language.later()),
            screening: format!("{greeting} {wanted}"),
            closing: self.language.closing().to_owned(),
            rules: self.rules.plans(),
            ..Plan::for_brief(&self.brief)
        }
    }

    fn heard(&mut self, turn: Turn) -> Option<Guidance> {
        let text = turn.text.as_str();
        self.rules.heard(text);
        self.turns = self.turns.saturating_add(1);
        if let Some(guidance) = self.courtesy.heed(text, &self.brief) {
            self.over |= guidance.settled;
            return Some(guidance);
        }
        if self.over {
            return Some(self.end("The call is over. Say goodbye.", self.language.goodbye()));
        }
        if !self.opened {
            let opening = self.opening();
            opening.clone_into(&mut self.last);
            return Some(advise("Say who you are and what the call is about.", &opening));
        }
        let said = Said::read(text, self.language, self.calendar, Kind::Appointment);
        if strategy::is_hold(text) && !said.names_a_time() && !said.done && !said.grants {
            return Some(advise("They need a moment. Wait.", self.language.wait()));
        }
        let guidance = self.proceed(text, said);
        let words = guidance.suggestion.clone().unwrap_or_default();
        if !guidance.settled && (self.turns >= TURNS_MAX || self.patience.is_lost(&words)) {
            let instruction = "The conversation goes in circles. End it politely.";
            return Some(self.end(instruction, self.language.in_circles()));
        }
        self.last = words;
        Some(guidance)
    }

    fn spoke(&mut self, turn: Turn) {
        self.rules.spoke(&turn.text);
        if !self.opened {
            self.opened = true;
            self.search.open();
        } else if matches!(self.action, Action::Move | Action::Make) {
            self.search.spoke(&Said::read(
                &turn.text,
                self.language,
                self.calendar,
                Kind::Appointment,
            ));
        }
        let fee = FEE_WORDS
            .iter()
            .any(|word| format!(" {} ", words(&turn.text).join(" ")).contains(word));
        self.asked_fee |= fee && turn.text.contains('?');
        // Only a question: the request itself may share its words.
        let asking = turn.text.contains('?');
        for question in self.questions.iter_mut().filter(|_| asking) {
            question.asked |= match &question.obligation {
                Some(obligation) => obligation.is_asked_by(&turn.text),
                None => slots::asks(&question.wording, &turn.text),
            };
        }
    }

    fn check(&mut self, clause: &Clause) -> Verdict {
        match self.rules.check(clause) {
            Verdict::Pass => match self.search.forbids(&clause.text, self.language) {
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
            return Err(advise("You have not said what the call is about.", &self.opening()));
        }
        if let Some(slot) = self.search.agreed
            && matches!(self.action, Action::Move | Action::Make)
            && !self.confirmed
            && self.repeated < REPEATED_MAX
        {
            let words = self.repeat(slot);
            return Err(advise("Say old and new time back before you end the call.", &words));
        }
        if self.action == Action::Cancel && self.done && !self.asked_fee {
            let words =
                lines::cancelled(self.language, self.person.name.as_deref(), &self.current_words());
            return Err(advise("Ask whether a fee applies.", &words));
        }
        if let Some(question) = self.questions.iter().find(|question| !question.asked)
            && (self.is_settled() || question.obligation.is_some())
        {
            return Err(advise("You have not asked this yet.", &question.wording));
        }
        self.rules.may_end()
    }

    fn extraction(&mut self) -> ExtractionRequest {
        report::extraction(self)
    }

    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        // The transcript alone decides, so it is played again.
        let mut replay = Scheduling::new(self.brief.clone());
        for turn in transcript {
            match turn.speaker {
                Speaker::Callee => drop(replay.heard(turn.clone())),
                Speaker::Agent => replay.spoke(turn.clone()),
            }
        }
        Ok(report::report(&replay, transcript, draft))
    }
}

impl Scheduling {
    fn settings(&self) -> &Settings {
        self.settings.get_or_init(|| Settings::read(&self.brief.settings))
    }

    /// "I would like to move the appointment of Ann Lee on Tuesday at 3 pm."
    fn wanted(&self) -> String {
        let name = self.person.name.as_deref();
        let appointment = lines::appointment(self.language, name, &self.current_words());
        match self.action {
            Action::Move => lines::move_it(self.language, &appointment),
            Action::Cancel => lines::cancel_it(self.language, &appointment),
            Action::Confirm => lines::confirm_it(self.language, &appointment),
            Action::Make => lines::make_one(self.language, name, &self.when(0)),
        }
    }

    fn request(&self) -> String {
        let ask = match self.action {
            Action::Move => lines::instead(self.language, &self.when(0)),
            Action::Cancel => lines::could_you(self.language).to_owned(),
            Action::Confirm => lines::still_so(self.language).to_owned(),
            Action::Make => lines::possible(self.language).to_owned(),
        };
        format!("{} {ask}", self.wanted())
    }

    fn opening(&self) -> String {
        format!("{} {}", self.caller.greeting(), self.request())
    }

    fn when(&self, choice: usize) -> String {
        let choice = self.search.wish.choices.get(choice);
        choice.map_or(String::new(), |choice| spoken::choice(*choice, self.calendar, self.language))
    }

    fn when_of(&self, slot: Slot) -> String {
        spoken::slot(slot, self.calendar, self.language)
    }

    /// When the appointment is, as far as that is known.
    fn current_words(&self) -> String {
        match (self.current.day, self.current.minute) {
            (Some(day), minute) => self.when_of(Slot { day, minute }),
            (None, Some(minute)) => spoken::at(minute, self.language),
            (None, None) => String::new(),
        }
    }

    fn repeat(&self, slot: Slot) -> String {
        let name = self.person.name.as_deref();
        let new = self.when_of(slot);
        match self.action {
            Action::Make => lines::made(self.language, name, &new),
            _ => lines::moved(self.language, name, &self.current_words(), &new),
        }
    }

    fn is_settled(&self) -> bool {
        match self.action {
            Action::Cancel => self.done,
            Action::Confirm => self.confirmed,
            Action::Move | Action::Make => self.search.agreed.is_some() && self.confirmed,
        }
    }

    fn end(&mut self, instruction: &str, suggestion: &str) -> Guidance {
        self.over = true;
        part(instruction, suggestion)
    }

    fn proceed(&mut self, text: &str, said: Said) -> Guidance {
        if said.unclear {
            let lead = lines::again(self.language, "");
            let words = if self.last.is_empty() {
                self.opening()
            } else {
                self.last.replace(lead.trim(), "")
            };
            return advise(
                "They did not understand. Say it again, slowly.",
                &lines::again(self.language, words.trim()),
            );
        }
        if speaks_of_number(text) && !said.asks_for(Ask::Reference) {
            self.reference = code_in(text, self.language).or(self.reference.take());
        }
        if said.wants_money && !said.done {
            self.money = self.money.saturating_add(1);
            if self.money > 1 {
                return self.end(
                    "They insist on a card or a deposit. End without either.",
                    lines::money_again(self.language),
                );
            }
            return advise(
                "Give no card number and agree to no deposit.",
                lines::no_money(self.language),
            );
        }
        let asked =
            self.questions.iter().any(|question| question.asked && self.last == question.wording);
        if asked && self.is_settled() {
            let words = lines::that_is_all(self.language).to_owned();
            return self.finish_up("It is settled.", &words);
        }
        match self.action {
            Action::Move | Action::Make => self.settle_time(text, said),
            Action::Cancel => self.cancel(text, said),
            Action::Confirm => self.confirm(text, said),
        }
    }

    // Moving, and making one.

    fn settle_time(&mut self, text: &str, mut said: Said) -> Guidance {
        let names_current = self.action == Action::Move && said.leave_out(self.current);
        said.agrees &= !said.asks_for(Ask::When);
        let before = self.search.agreed;
        let step = self.search.heard(&said);
        let needs_name = [Ask::Name, Ask::Birth, Ask::Phone].iter().any(|ask| said.asks_for(*ask));
        // They ask whose appointment it is before they look; that alone is no yes to a move.
        let goes_on =
            (needs_name && self.action == Action::Make || said.done) && !said.asks_for(Ask::When);
        if step == Step::None && before.is_none() && goes_on && !said.refuses {
            self.search.settle();
        }
        if before != self.search.agreed {
            self.confirmed = false;
            self.done = false;
        }
        self.done |= said.done && self.search.agreed.is_some();
        let mut answers = self.answers(text, &said, step);
        if names_current && step == Step::None && self.search.agreed.is_none() {
            answers = vec![
                lines::that_one(self.language).to_owned(),
                lines::instead(self.language, &self.when(0)),
            ];
        }
        match step {
            Step::Take(slot) if before != Some(slot) && self.said_back != Some(slot) => {
                self.take(slot, &said, answers)
            }
            Step::Ask { choice, .. } => {
                self.said_back = None;
                let words =
                    lines::alternative(self.language, &self.when(choice), self.search.declining);
                let instruction = match self.search.declining {
                    true => {
                        "What they offer is not what the customer accepts. Decline it and ask for this."
                    }
                    false => "It is not possible as asked. Offer the customer's next alternative.",
                };
                advise(instruction, &words)
            }
            Step::AskTime(days) => {
                let days = spoken::days(days, self.calendar, self.language);
                advise(
                    "The day would do. Ask for a time.",
                    &with(answers, &lines::which_time(self.language, &days)),
                )
            }
            Step::AskDay(minute) => {
                let time = spoken::at(minute, self.language);
                advise(
                    "The time would do. Ask for the day.",
                    &with(answers, &lines::which_day(self.language, &time)),
                )
            }
            Step::Exhausted => self.end(
                "Nothing that the customer accepts is possible. Leave the appointment as it is.",
                lines::nothing_left(self.language),
            ),
            Step::Take(_) | Step::None => self.go_on(text, &said, answers),
        }
    }

    fn take(&mut self, slot: Slot, said: &Said, answers: Vec<String>) -> Guidance {
        if said.done && answers.is_empty() {
            return self.go_on("", said, answers);
        }
        if !said.offers_any() {
            let words = if answers.is_empty() {
                lines::go_ahead(self.language).to_owned()
            } else {
                answers.join(" ")
            };
            return advise("It is possible. Go ahead with it.", &words);
        }
        let moves = self.action == Action::Move;
        let mut words = vec![lines::take(self.language, &self.when_of(slot), moves)];
        words.extend(answers);
        advise("What they offer is what the customer accepts. Take it.", &words.join(" "))
    }

    fn go_on(&mut self, text: &str, said: &Said, answers: Vec<String>) -> Guidance {
        let Some(slot) = self.search.agreed else {
            if strategy::is_farewell(text) {
                return self.end("They end the call. Say goodbye.", self.language.goodbye());
            }
            if !answers.is_empty() {
                return advise("Answer their question from the brief.", &answers.join(" "));
            }
            let put = self.search.is_put().unwrap_or(0);
            let words = match (put, self.action, self.last.is_empty()) {
                (0, Action::Move, false) => lines::instead(self.language, &self.when(0)),
                (0, ..) => self.request(),
                (put, ..) => lines::alternative(self.language, &self.when(put), false),
            };
            return advise("Say what the appointment is to become.", &words);
        };
        if self.said_back == Some(slot) && !self.confirmed {
            self.confirmed = !said.denies && answers.is_empty() || self.repeated >= REPEATED_MAX;
        }
        if !answers.is_empty() {
            return advise("Answer their question from the brief.", &answers.join(" "));
        }
        if !self.confirmed {
            self.said_back = Some(slot);
            self.repeated = self.repeated.saturating_add(1);
            return advise("Say old and new time back.", &self.repeat(slot));
        }
        let words = lines::that_is_all(self.language).to_owned();
        self.finish_up("It is settled and was said back.", &words)
    }

    // Cancelling.

    fn cancel(&mut self, text: &str, said: Said) -> Guidance {
        if self.current.day.is_none() {
            let named = said.named();
            if named.day.is_some() && named.minute.is_some() {
                self.current = named;
            }
        }
        self.hear_fee(text, &said);
        let answers = self.answers(text, &said, Step::None);
        if self.asked_fee && (self.done || !said.refuses) {
            self.done |= !said.refuses;
            if !answers.is_empty() {
                return advise("Answer their question from the brief.", &answers.join(" "));
            }
            let words = lines::that_is_all(self.language).to_owned();
            return self.finish_up("It is cancelled and was said back.", &words);
        }
        if said.question && self.fee.is_some_and(|fee| fee > 0.0) && !said.done && !self.may_cost()
        {
            return self.end(
                "They want a fee that the customer has not agreed to. Do not cancel.",
                lines::fee_first(self.language),
            );
        }
        if said.refuses && !said.done {
            self.refusals = self.refusals.saturating_add(1);
            if self.refusals >= REFUSALS_MAX {
                return self.end(
                    "They do not cancel it. End politely.",
                    lines::nothing_left(self.language),
                );
            }
            return advise("They say no. Ask once more.", &self.request());
        }
        self.done |= said.done;
        if !answers.is_empty() {
            return advise("Answer what they need to find the appointment.", &answers.join(" "));
        }
        if self.done || said.agrees || said.offers_any() && !said.question {
            let words =
                lines::cancelled(self.language, self.person.name.as_deref(), &self.current_words());
            return advise("Say back what is cancelled and ask whether a fee applies.", &words);
        }
        if said.offers_any() {
            // "Friday at ten?"
            return advise("Confirm which appointment it is.", lines::go_ahead(self.language));
        }
        if strategy::is_farewell(text) {
            return self.end("They end the call. Say goodbye.", self.language.goodbye());
        }
        advise("Say what is to be cancelled.", &self.request())
    }

    fn hear_fee(&mut self, text: &str, said: &Said) {
        let spoken = format!(" {} ", words(text).join(" "));
        let about = FEE_WORDS.iter().any(|word| spoken.contains(word));
        if !about && !self.asked_fee {
            return;
        }
        let talk = Talk::read(&[Utterance::theirs(text)]);
        let amount = talk.facts().find_map(|(_, fact)| match fact.value {
            Value::Money { amount, .. } if !fact.corrected && !fact.negated => Some(amount),
            _ => None,
        });
        let none = NO_FEE.iter().any(|phrase| spoken.contains(phrase));
        if none || self.asked_fee && said.denies && amount.is_none() {
            self.fee = Some(0.0);
        } else if amount.is_some() {
            self.fee = amount;
        }
    }

    /// The customer has said that a fee is no matter.
    fn may_cost(&self) -> bool {
        let context = self.brief.context.as_deref().unwrap_or("");
        let text = format!(" {} ", words(&format!("{} {context}", self.brief.objective)).join(" "));
        let fee = FEE_WORDS.iter().any(|word| text.contains(word));
        let fine = [
            " fine ",
            " ok ",
            " okay ",
            " even if ",
            " even with ",
            " accept ",
            " acceptable ",
            " aunque ",
            " aceptable ",
            " même si ",
            " accepté ",
            " auch wenn ",
            " trotz ",
            " in ordnung ",
        ];
        fee && fine.iter().any(|word| text.contains(word))
    }

    // Confirming.

    fn confirm(&mut self, text: &str, mut said: Said) -> Guidance {
        said.agrees &= !said.asks_for(Ask::When);
        let before = self.search.agreed;
        let step = self.search.heard(&said);
        let answers = self.answers(text, &said, step);
        if let Step::Take(slot) = step {
            self.current = Current { day: Some(slot.day), minute: slot.minute };
        }
        if self.search.declining {
            self.theirs = self.search.offered.last().copied();
        }
        let settled = match step {
            Step::Take(_) => !said.question || said.agrees || before.is_some(),
            Step::None => said.done || said.agrees,
            _ => false,
        };
        if settled && (said.asks.is_empty() || answers.is_empty()) && !said.refuses {
            self.confirmed = true;
            self.theirs = None;
            let words = lines::confirmed(self.language, &self.current_words());
            return self.finish_up("The appointment stands.", &words);
        }
        match step {
            Step::Take(_) => {
                let mut words = vec![lines::please(self.language, &self.current_words())];
                words.extend(answers);
                advise("They say the time back. Confirm it.", &words.join(" "))
            }
            Step::Ask { .. } if self.refusals + 1 < REFUSALS_MAX => {
                self.refusals = self.refusals.saturating_add(1);
                advise(
                    "They have another time. Ask them to look once more.",
                    &lines::look_again(self.language, &self.current_words()),
                )
            }
            Step::Ask { .. } | Step::Exhausted => self.end(
                "They do not confirm it. Take note and end.",
                lines::nothing_left(self.language),
            ),
            Step::AskTime(days) => {
                let days = spoken::days(days, self.calendar, self.language);
                advise(
                    "Ask for the time they have.",
                    &with(answers, &lines::which_time(self.language, &days)),
                )
            }
            Step::AskDay(minute) => advise(
                "Ask for the day they have.",
                &with(
                    answers,
                    &lines::which_day(self.language, &spoken::at(minute, self.language)),
                ),
            ),
            Step::None if !answers.is_empty() => {
                advise("Answer what they need to find the appointment.", &answers.join(" "))
            }
            Step::None if strategy::is_farewell(text) => {
                self.end("They end the call. Say goodbye.", self.language.goodbye())
            }
            Step::None => advise("Say what is to be confirmed.", &self.request()),
        }
    }

    /// What is left to ask, then the farewell.
    fn finish_up(&mut self, instruction: &str, words: &str) -> Guidance {
        if let Some(question) = self.questions.iter().find(|question| !question.asked) {
            return advise(
                "It is settled. Ask what else the customer wants to know.",
                &question.wording,
            );
        }
        if let Err(open) = self.rules.may_end() {
            return open;
        }
        self.end(instruction, words)
    }

    /// Answers to what they ask, from the brief.
    fn answers(&self, text: &str, said: &Said, step: Step) -> Vec<String> {
        let mut answers = Vec::new();
        let asked_again = matches!(step, Step::Ask { .. } | Step::AskTime(_) | Step::AskDay(_));
        if said.asks_for(Ask::When) && !asked_again {
            let old =
                self.action != Action::Make && (self.action != Action::Move || asks_for_old(text));
            let current = self.current_words();
            let new = match self.search.agreed {
                Some(slot) => self.when_of(slot),
                None => self.when(self.search.is_put().unwrap_or(0)),
            };
            match (old, current.is_empty(), new.is_empty()) {
                (true, false, _) => answers.push(lines::it_is(self.language, &current)),
                (true, true, _) => answers.push(self.language.come_back().to_owned()),
                (false, _, false) => answers.push(lines::please(self.language, &new)),
                (false, _, true) => {}
            }
        }
        if answers.is_empty()
            && self.action != Action::Make
            && asks_which(text)
            && !self.current_words().is_empty()
        {
            answers.push(lines::it_is(self.language, &self.current_words()));
        }
        answers.extend(self.person.answers(&said.asks, self.language));
        if answers.is_empty() && !said.offers_any() && said.asks.is_empty() {
            match strategy::reply(text, &self.caller, &self.facts) {
                Some(Reply::Say(words) | Reply::ComeBack(words)) => answers.push(words),
                Some(Reply::Invited) | None => {}
            }
        }
        answers
    }

    fn wish(&self) -> &Wish {
        &self.search.wish
    }

    fn talk(&self, transcript: &[Turn]) -> Talk {
        let mut caller = self.caller.clone();
        caller.name = caller.name.or_else(|| self.person.name.clone());
        strategy::talk_of(transcript, &caller, &self.brief)
    }
}

/// "When is your appointment now?", not "when would you like to come?"
fn asks_for_old(text: &str) -> bool {
    let spoken = format!(" {} ", words(text).join(" "));
    const CUES: &[&str] = &[
        " is your appointment ",
        " is the appointment ",
        " was your appointment ",
        " was the appointment ",
        " current ",
        " existing ",
        " original ",
        " old ",
        " your appointment ",
        " is it now ",
        " was it ",
        " es la cita ",
        " era la cita ",
        " tiene la cita ",
        " actual ",
        " su cita ",
        " est le rendez-vous ",
        " est votre rendez-vous ",
        " votre rendez-vous ",
        " actuel ",
        " était ",
        " ist der termin ",
        " war der termin ",
        " ist ihr termin ",
        " aktuell ",
        " bisher ",
        " bisherige ",
        " ihr termin ",
    ];
    CUES.iter().any(|cue| spoken.contains(cue))
}

/// "Which appointment is that?"
fn asks_which(text: &str) -> bool {
    let spoken = format!(" {} ", words(text).join(" "));
    const CUES: &[&str] = &[
        " which appointment ",
        " what appointment ",
        " which one ",
        " qué cita ",
        " cuál cita ",
        " quel rendez-vous ",
        " quel rendez vous ",
        " lequel ",
        " welchen termin ",
        " welcher termin ",
        " um welchen ",
    ];
    text.contains('?') && CUES.iter().any(|cue| spoken.contains(cue))
}

const FEE_WORDS: &[&str] = &[
    " fee ",
    " fees ",
    " charge ",
    " charged ",
    " cost ",
    " costs ",
    " coste ",
    " cargo ",
    " tarifa ",
    " recargo ",
    " penalización ",
    " frais ",
    " pénalité ",
    " facturé ",
    " gebühr ",
    " gebühren ",
    " kostet ",
    " kosten ",
    " berechnen ",
    " berechnet ",
    " ausfallhonorar ",
];
const NO_FEE: &[&str] = &[
    " no fee ",
    " no charge ",
    " no cost ",
    " free of charge ",
    " for free ",
    " nothing to pay ",
    " doesn't cost ",
    " don't charge ",
    " no fees ",
    " won't charge ",
    " without charge ",
    " sin coste ",
    " sin cargo ",
    " no hay coste ",
    " no cuesta ",
    " gratis ",
    " ningún coste ",
    " no tiene coste ",
    " pas de frais ",
    " aucuns frais ",
    " sans frais ",
    " gratuit ",
    " aucun frais ",
    " keine gebühr ",
    " keine gebühren ",
    " kostenlos ",
    " kostenfrei ",
    " keine kosten ",
    " kostet nichts ",
];

fn with(mut answers: Vec<String>, question: &str) -> String {
    answers.push(question.to_owned());
    answers.join(" ")
}

export!(Scheduling);
