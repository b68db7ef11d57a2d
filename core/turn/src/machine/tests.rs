//! Scripts in virtual time: `S12` is twelve frames of speech, `.30` thirty of silence.

mod adaptive;
mod over_ours;

use std::collections::BTreeMap;

use domain::Time;

use super::*;

struct Run {
    machine: Machine,
    now: Time,
    log: Vec<String>,
    /// Takes and drafts are told too.
    all: bool,
    open: u64,
    /// The latest take of each utterance.
    takes: BTreeMap<u64, u64>,
}

impl Run {
    /// Half a second ends a turn; what is begun before that is not told.
    fn new() -> Self {
        let endpointing = Endpointing::Fixed { ms: 500 };
        Run::with(Config { endpointing, ..Config::default() }, false)
    }

    fn with(config: Config, all: bool) -> Self {
        let (log, takes) = (Vec::new(), BTreeMap::new());
        Run { machine: Machine::new(config), now: Time::ZERO, log, all, open: 0, takes }
    }

    fn frames(&mut self, script: &str) {
        for part in script.split_whitespace() {
            let speech = part.starts_with('S');
            let count: u32 = part[1..].parse().unwrap_or(1);
            for _ in 0..count {
                self.input(Input::Voice { speech });
                self.now = self.now + FRAME;
            }
        }
    }

    fn input(&mut self, input: Input) {
        self.machine.handle(self.now, input);
        while let Some(output) = self.machine.poll() {
            match output {
                Output::UtteranceStarted { utterance, .. } => self.open = utterance,
                Output::Listen { take, .. } => {
                    self.takes.insert(self.open, take);
                }
                _ => {}
            }
            let begun = matches!(
                output,
                Output::Listen { .. }
                    | Output::DropTake { .. }
                    | Output::Draft { .. }
                    | Output::DropDraft
            );
            if (self.all || !begun) && !matches!(output, Output::Understood { .. }) {
                self.log.push(describe(&output));
            }
        }
    }

    /// Words of the latest take of an utterance.
    fn words(&mut self, utterance: u64, text: &str) {
        let text = (!text.is_empty()).then(|| text.to_owned());
        let take = self.takes.get(&utterance).copied().unwrap_or(u64::MAX);
        self.input(Input::Transcript { take, text });
    }

    fn expect(&mut self, expected: &str) {
        assert_eq!(self.log.join(" "), expected);
        self.log.clear();
    }
}

fn describe(output: &Output) -> String {
    match output {
        Output::UtteranceStarted { utterance, .. } => format!("start{utterance}"),
        Output::Listen { take, from, to } => {
            format!("listen{take}[{}-{}]", from.as_millis(), to.as_millis())
        }
        Output::DropTake { take } => format!("drop{take}"),
        Output::UtteranceEnded { utterance, from, to } => {
            format!("end{utterance}[{}-{}]", from.as_millis(), to.as_millis())
        }
        Output::Understood { utterance, text } => format!("words{utterance}({text:?})"),
        Output::Draft { text, .. } => format!("draft({text})"),
        Output::DropDraft => "undraft".into(),
        Output::CommitTurn { text, .. } => format!("commit({text})"),
        Output::Backchannel { text, .. } => format!("aside({text})"),
        Output::NotUnderstood => "what".into(),
        Output::PauseSpeaking { .. } => "pause".into(),
        Output::ResumeSpeaking => "resume".into(),
        Output::StopSpeaking { .. } => "stop".into(),
        Output::DiscardReply => "discard".into(),
        Output::ReplyLate => "late".into(),
        Output::Nudge { nth } => format!("nudge{nth}"),
        Output::DeadLine => "dead".into(),
    }
}

#[test]
fn an_utterance_ends_after_half_a_second_of_silence() {
    let mut run = Run::new();
    run.frames(".10 S20 .24");
    run.expect("start0");
    run.frames(".1");
    run.expect("end0[200-600]");
    run.words(0, "hello");
    run.expect("commit(hello)");
}

#[test]
fn clicks_are_no_utterance() {
    let mut run = Run::new();
    run.frames("S1 .1 S2 .3 S2 .40");
    run.expect("");
}

#[test]
fn a_pause_inside_an_utterance_does_not_end_it() {
    let mut run = Run::new();
    run.frames("S20 .20 S20 .25");
    run.expect("start0 end0[0-1200]");
}

#[test]
fn a_turn_goes_on_while_its_words_are_awaited() {
    let mut run = Run::new();
    run.frames("S20 .30 S20");
    run.expect("start0 end0[0-400] start1");
    run.words(0, "my number is");
    run.expect("");
    run.frames(".25");
    run.expect("end1[1000-1400]");
    run.words(1, "four one");
    run.expect("commit(my number is four one)");
}

#[test]
fn words_may_come_out_of_order() {
    let mut run = Run::new();
    run.frames("S20 .25 S20 .25");
    run.log.clear();
    run.words(1, "second");
    run.expect("");
    run.words(0, "first");
    run.expect("commit(first second)");
    run.words(0, "first again");
    run.words(99, "never asked for");
    run.expect("");
}

#[test]
fn words_that_never_come_are_given_up() {
    let mut run = Run::new();
    run.frames("S20 .25");
    run.expect("start0 end0[0-400]");
    // Five seconds after they were asked for, at 600.
    run.frames(".234");
    run.expect("");
    run.frames(".1");
    run.expect("what");
}

#[test]
fn going_on_before_our_reply_discards_it() {
    let mut run = Run::new();
    run.frames("S20 .25");
    run.words(0, "well");
    run.frames("S3");
    run.expect("start0 end0[0-400] commit(well) start1 discard");
    run.frames("S10 .25");
    run.words(1, "actually no");
    run.expect("end1[900-1160] commit(actually no)");
}

#[test]
fn a_short_sound_over_ours_is_an_aside() {
    let mut run = Run::new();
    run.input(Input::ReplyReady);
    run.frames("S8 .25");
    run.expect("start0 end0[0-160]");
    run.words(0, "mm-hm");
    run.expect("aside(mm-hm)");
}

#[test]
fn speech_over_ours_stops_us_and_takes_the_turn() {
    let mut run = Run::new();
    run.input(Input::ReplyReady);
    run.frames("S11");
    run.expect("start0");
    run.frames("S1");
    run.expect("pause");
    run.frames("S10 .25");
    run.words(0, "wait");
    run.expect("end0[0-440] stop commit(wait)");
}

#[test]
fn who_goes_on_after_we_have_finished_has_the_turn() {
    let mut run = Run::new();
    run.input(Input::ReplyReady);
    run.input(Input::ReplyDone);
    run.frames("S5");
    run.input(Input::PlayoutIdle);
    run.frames("S60 .25");
    run.words(0, "yes let us do that");
    run.expect("start0 end0[0-1300] commit(yes let us do that)");
}

#[test]
fn an_answer_just_before_our_end_is_an_answer() {
    let mut run = Run::new();
    run.input(Input::ReplyReady);
    run.input(Input::ReplyDone);
    run.frames("S8 .10");
    run.input(Input::PlayoutIdle);
    run.frames(".15");
    run.words(0, "yes");
    run.expect("start0 end0[0-160] commit(yes)");
}

#[test]
fn the_words_of_an_aside_may_come_after_our_end() {
    let mut run = Run::new();
    run.input(Input::ReplyReady);
    run.input(Input::ReplyDone);
    run.frames("S8 .25");
    run.input(Input::PlayoutIdle);
    run.words(0, "mm-hm");
    run.expect("start0 end0[0-160] aside(mm-hm)");
    run.frames(".301");
    run.expect("nudge0");
}

#[test]
fn only_speech_over_ours_interrupts() {
    let mut run = Run::new();
    run.frames("S50");
    run.input(Input::ReplyReady);
    run.frames("S11");
    run.expect("start0");
    run.frames("S1");
    run.expect("pause");
}

#[test]
fn a_reply_without_a_clause_gives_the_line_back() {
    for over in [Input::ReplyDone, Input::ReplyFailed] {
        let mut run = Run::new();
        run.frames("S20 .25");
        run.words(0, "hello");
        run.log.clear();
        run.input(over);
        run.frames(".301");
        run.expect("nudge0");
    }
}

#[test]
fn a_reply_that_fails_half_way_is_played_out() {
    let mut run = Run::new();
    run.input(Input::ReplyReady);
    run.input(Input::PlayoutIdle);
    run.frames(".400");
    run.expect("");
    run.input(Input::ReplyFailed);
    run.frames(".400");
    run.expect("");
    run.input(Input::PlayoutIdle);
    run.frames(".301");
    run.expect("nudge0");
}

#[test]
fn a_turn_is_not_complete_while_a_word_begins() {
    let mut run = Run::new();
    run.frames("S1500 S2");
    run.words(0, "and so on");
    run.expect("start0 end0[0-30000]");
    run.frames("S10 .25");
    run.words(1, "and on");
    run.expect("start1 end1[30000-30240] commit(and so on and on)");
}

#[test]
fn a_click_delays_a_turn_but_does_not_lose_it() {
    let mut run = Run::new();
    run.frames("S20 .25 S1");
    run.words(0, "hello");
    run.expect("start0 end0[0-400]");
    run.frames(".1");
    run.expect("commit(hello)");
}

#[test]
fn a_long_story_loses_no_words() {
    let mut run = Run::new();
    let mut told = Vec::new();
    for part in 0..3 * PENDING_MAX as u64 {
        run.frames("S20 .25 S5");
        if part > 0 {
            run.words(part - 1, &format!("w{}", part - 1));
            told.push(format!("w{}", part - 1));
        }
    }
    run.log.clear();
    run.words(3 * PENDING_MAX as u64 - 1, "end");
    run.frames(".30");
    run.log.clear();
    run.words(3 * PENDING_MAX as u64, "");
    run.expect(&format!("commit({} end)", told.join(" ")));
}

#[test]
fn our_goodbye_is_not_interrupted() {
    let mut run = Run::new();
    run.input(Input::ReplyReady);
    run.input(Input::Ending);
    run.frames("S30 .25");
    run.expect("start0 end0[0-600]");
    run.words(0, "bye");
    run.expect("aside(bye)");
}

#[test]
fn silence_is_nudged_twice_and_then_dead() {
    let mut run = Run::new();
    run.frames(".2000");
    run.expect("");
    run.input(Input::ReplyReady);
    run.frames(".1000");
    run.input(Input::ReplyDone);
    run.input(Input::PlayoutIdle);
    run.frames(".301");
    run.expect("nudge0");
    run.frames(".301");
    run.expect("nudge1");
    run.frames(".301");
    run.expect("dead");
    run.frames(".2000");
    run.expect("");
}

#[test]
fn silence_on_hold_is_not_nudged() {
    let mut run = Run::new();
    run.input(Input::ReplyReady);
    run.input(Input::ReplyDone);
    run.input(Input::Holding(true));
    run.input(Input::PlayoutIdle);
    run.frames(".2900");
    run.expect("");
    run.input(Input::Holding(false));
    run.frames(".300");
    run.expect("");
    run.frames(".1");
    run.expect("nudge0");
}

#[test]
fn nobody_is_waited_for_without_end() {
    let mut run = Run::new();
    run.input(Input::Holding(true));
    run.frames(".3000");
    run.expect("");
    run.frames(".1");
    run.expect("dead");
    run.frames(".9000");
    run.expect("");
}

#[test]
fn who_is_waited_for_may_speak() {
    let mut run = Run::new();
    run.input(Input::Holding(true));
    run.frames(".2000 S20 .25");
    run.words(0, "hello");
    run.expect("start0 end0[40000-40400] commit(hello)");
}

#[test]
fn an_answer_to_a_nudge_starts_the_count_again() {
    let mut run = Run::new();
    run.input(Input::ReplyReady);
    run.input(Input::ReplyDone);
    run.input(Input::PlayoutIdle);
    run.frames(".301 S20 .25");
    run.words(0, "yes");
    run.expect("nudge0 start0 end0[6020-6420] commit(yes)");
    run.input(Input::ReplyReady);
    run.input(Input::ReplyDone);
    run.input(Input::PlayoutIdle);
    run.frames(".301");
    run.expect("nudge0");
}

#[test]
fn a_reply_that_never_comes_is_given_up() {
    let mut run = Run::new();
    run.frames("S20 .25");
    run.words(0, "hello");
    run.log.clear();
    run.frames(".751");
    run.expect("late");
}

#[test]
fn a_monologue_is_cut_into_pieces() {
    let mut run = Run::new();
    run.frames("S1500");
    run.expect("start0 end0[0-30000]");
}

#[test]
fn the_end_of_the_leg_completes_what_was_being_said() {
    let mut run = Run::new();
    run.input(Input::ReplyReady);
    run.frames("S20");
    run.input(Input::LegEnded);
    run.expect("start0 pause end0[0-400]");
    run.words(0, "goodbye");
    run.expect("commit(goodbye)");
}
