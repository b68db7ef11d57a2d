//! A playbook that misbehaves on request, for the plugin host's tests.
//!
//! The brief's objective names crime and place, as in `loop in check`. In `constructor`, `plan`,
//! `extraction` and `finish` the crime is committed at once; in `heard`, `spoke`, `check` and
//! `tool` only when the text contains `now`, so that the same instance can be asked other things
//! before. Everything else is answered like a good playbook that counts what it has heard.
//!
//! The tests replace [`ID`] in the component's bytes to get the same playbook without any crime.

use agenticcalling_playbook::*;

/// As long as `platform.general`, under which the playbook commits no crime.
const ID: &str = "test.misbehaving";

fn id() -> &'static str {
    std::hint::black_box(ID)
}

fn is_good() -> bool {
    id().starts_with("platform")
}

struct Hostile {
    crime: String,
    place: String,
    heard: u32,
    spoke: u32,
    last: String,
}

impl Hostile {
    fn at(&self, place: &str) -> bool {
        self.place == place
    }

    /// Commits the crime; what it returns is the answer's text.
    fn commit(&self) -> String {
        match self.crime.as_str() {
            "loop" => endless(),
            "memory" => bomb(),
            "recursion" => deep(1).to_string(),
            "huge" => "x".repeat(3 * 1024 * 1024),
            "trap" => panic!("a trap on purpose"),
            "slow" => slow(),
            _ => String::new(),
        }
    }

    fn commit_at(&self, place: &str) -> String {
        if self.at(place) && !is_good() { self.commit() } else { String::new() }
    }
}

impl Playbook for Hostile {
    fn describe() -> Description {
        Description::new(id(), "1.0.0", "Hostile", "Misbehaves on request.")
    }

    fn score(objective: &str, _language: &str) -> u8 {
        match objective {
            "loop in score" if !is_good() => endless().len() as u8,
            "a tie" => 50,
            _ if objective.contains(" in ") && !is_good() => 250,
            _ => 0,
        }
    }

    fn new(brief: Brief) -> Self {
        let (crime, place) = brief.objective.split_once(" in ").unwrap_or(("none", "nowhere"));
        let hostile = Hostile {
            crime: crime.to_owned(),
            place: place.to_owned(),
            heard: 0,
            spoke: 0,
            last: String::new(),
        };
        hostile.commit_at("constructor");
        hostile
    }

    fn plan(&mut self) -> Plan {
        let mut plan = Plan { opening: "Hello.".into(), ..Plan::for_brief(&Brief::default()) };
        if self.at("plan") && self.crime == "list" && !is_good() {
            plan.notes = vec![String::new(); 200_000];
        } else {
            plan.instructions.push_str(&self.commit_at("plan"));
        }
        plan
    }

    fn heard(&mut self, turn: Turn) -> Option<Guidance> {
        self.heard += 1;
        self.last = turn.text;
        if !self.last.contains("now") {
            return None;
        }
        Some(Guidance { instruction: self.commit_at("heard"), ..Guidance::default() })
    }

    fn spoke(&mut self, turn: Turn) {
        self.spoke += 1;
        if turn.text.contains("now") {
            self.commit_at("spoke");
        }
    }

    fn check(&mut self, clause: &Clause) -> Verdict {
        if clause.text == "state?" {
            let state = format!("heard {} spoke {} last {}", self.heard, self.spoke, self.last);
            return Verdict::Replace(state);
        }
        if clause.text.contains("forbidden") {
            return withhold(Some(0), "forbidden");
        }
        if !clause.text.contains("now") || !self.at("check") || is_good() {
            return Verdict::Pass;
        }
        Verdict::Replace(self.commit())
    }

    fn tool(&mut self, name: &str, arguments: &str) -> Result<ToolOutcome, String> {
        if arguments.contains("now") {
            return Ok(ToolOutcome::Answer(self.commit_at("tool")));
        }
        Err(format!("no tool {name}"))
    }

    fn extraction(&mut self) -> ExtractionRequest {
        ExtractionRequest { schema: "{}".into(), instructions: self.commit_at("extraction") }
    }

    fn finish(&mut self, transcript: &[Turn], _draft: Option<&str>) -> Result<Report, String> {
        let summary = format!("{} turns{}", transcript.len(), self.commit_at("finish"));
        Ok(Report { summary, ..Report::default() })
    }
}

fn endless() -> String {
    let mut count = 0u64;
    while std::hint::black_box(true) {
        count = std::hint::black_box(count.wrapping_add(1));
    }
    count.to_string()
}

fn bomb() -> String {
    let mut hoard: Vec<Vec<u8>> = Vec::new();
    loop {
        let mut block = Vec::with_capacity(1024 * 1024);
        block.push(1);
        hoard.push(block);
        std::hint::black_box(&hoard);
    }
}

fn deep(depth: u64) -> u64 {
    if std::hint::black_box(depth) == 0 {
        return 0;
    }
    let frame = std::hint::black_box([depth; 16]);
    std::hint::black_box(deep(depth + 1)) + frame[3]
}

/// About a tenth of what the audio path allows.
fn slow() -> String {
    let mut sum = 0u64;
    for step in 0..30_000u64 {
        sum = std::hint::black_box(sum.wrapping_mul(31).wrapping_add(step));
    }
    format!("slow {}", sum != 0)
}

export!(Hostile);
