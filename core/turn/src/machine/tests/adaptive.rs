//! What is begun in a pause: takes and drafts, and how long the pause may last.

use super::*;

fn adaptive() -> Run {
    Run::with(Config::default(), true)
}

#[test]
fn a_complete_sentence_is_answered_soon() {
    let mut run = adaptive();
    run.frames("S50 .9");
    run.expect("start0");
    run.frames(".1");
    run.expect("listen0[0-1000]");
    run.words(0, "We are open until nine.");
    run.expect("draft(We are open until nine.)");
    run.frames(".9");
    run.expect("");
    run.frames(".1");
    run.expect("end0[0-1000] commit(We are open until nine.)");
}

#[test]
fn words_that_come_after_the_wait_end_the_turn_at_once() {
    let mut run = adaptive();
    run.frames("S50 .30");
    run.expect("start0 listen0[0-1000]");
    run.words(0, "Yes, we do.");
    run.expect("end0[0-1000] commit(Yes, we do.)");
}

#[test]
fn a_sentence_that_hangs_is_waited_for_and_not_drafted() {
    let mut run = adaptive();
    run.frames("S50 .10");
    run.words(0, "It costs fifty dollars and");
    run.frames(".62");
    run.expect("start0 listen0[0-1000]");
    run.frames(".1");
    run.expect("end0[0-1000] commit(It costs fifty dollars and)");
}

#[test]
fn a_dictated_number_is_heard_whole() {
    let mut run = adaptive();
    run.frames("S50 .10");
    run.words(0, "My number is four one.");
    run.frames(".70");
    run.expect("start0 listen0[0-1000]");
    run.frames("S50 .10");
    run.expect("drop0 listen1[0-3600]");
    run.words(0, "My number is four one five, five five five, oh one two three.");
    run.frames(".10");
    run.expect(
        "draft(My number is four one five, five five five, oh one two three.) end0[0-3600] \
         commit(My number is four one five, five five five, oh one two three.)",
    );
}

#[test]
fn speech_that_goes_on_takes_back_what_was_begun() {
    let mut run = adaptive();
    run.frames("S50 .10");
    run.words(0, "I would say Thursday");
    run.expect("start0 listen0[0-1000] draft(I would say Thursday)");
    run.frames(".10 S2");
    run.expect("");
    run.frames("S1");
    run.expect("drop0 undraft");
    run.words(0, "I would say Thursday");
    run.expect("");
    run.frames("S20 .10");
    run.words(0, "I would say Thursday at noon.");
    run.expect("listen1[0-1860] draft(I would say Thursday at noon.)");
    run.frames(".10");
    run.expect("end0[0-1860] commit(I would say Thursday at noon.)");
}

#[test]
fn a_click_in_the_pause_takes_nothing_back() {
    let mut run = adaptive();
    run.frames("S50 .10");
    run.words(0, "Yes.");
    run.frames(".3 S2 .4 S1 .1");
    run.expect("start0 listen0[0-1000] draft(Yes.) end0[0-1000] commit(Yes.)");
}

#[test]
fn late_words_of_a_dropped_take_are_ignored() {
    let mut run = adaptive();
    run.frames("S50 .10 S20 .10");
    run.expect("start0 listen0[0-1000] drop0 listen1[0-1600]");
    run.input(Input::Transcript { take: 0, text: Some("I think.".into()) });
    run.expect("");
    run.input(Input::Transcript { take: 1, text: Some("I think so.".into()) });
    run.frames(".10");
    run.expect("draft(I think so.) end0[0-1600] commit(I think so.)");
}

#[test]
fn a_fixed_wait_is_kept_whatever_the_words() {
    let endpointing = Endpointing::Fixed { ms: 200 };
    let mut run = Run::with(Config { endpointing, ..Config::default() }, true);
    run.frames("S50 .9");
    run.expect("start0");
    run.frames(".1");
    run.expect("listen0[0-1000] end0[0-1000]");
    run.words(0, "My number is four one");
    run.expect("commit(My number is four one)");
}

#[test]
fn a_fixed_wait_is_used_for_a_draft() {
    let endpointing = Endpointing::Fixed { ms: 800 };
    let mut run = Run::with(Config { endpointing, ..Config::default() }, true);
    run.frames("S50 .10");
    run.words(0, "Yes.");
    run.frames(".29");
    run.expect("start0 listen0[0-1000] draft(Yes.)");
    run.frames(".1");
    run.expect("end0[0-1000] commit(Yes.)");
}

#[test]
fn drafts_can_be_left_out() {
    let mut run = Run::with(Config { drafts: false, ..Config::default() }, true);
    run.frames("S50 .10");
    run.words(0, "Yes.");
    run.frames(".10");
    run.expect("start0 listen0[0-1000] end0[0-1000] commit(Yes.)");
}

#[test]
fn drafts_and_takes_of_one_turn_are_limited() {
    let mut run = adaptive();
    for _ in 0..20 {
        run.frames("S20 .10");
        run.words(0, "and then we went home");
    }
    let count = |what: &str| run.log.iter().filter(|line| line.starts_with(what)).count();
    assert_eq!(count("draft("), DRAFTS_MAX as usize);
    assert_eq!(count("listen"), TAKES_MAX as usize);
    run.log.clear();
    run.frames(".80");
    run.expect("listen12[0-11800] end0[0-11800]");
    run.words(0, "all of it");
    run.expect("commit(all of it)");
    run.frames("S20 .10");
    run.log.clear();
    run.words(1, "Next.");
    run.expect("draft(Next.)");
}

#[test]
fn a_greeting_is_heard_out_and_not_drafted() {
    let mut run = adaptive();
    run.input(Input::Expect(Expected::Greeting));
    run.frames("S50 .10");
    run.words(0, "Hi.");
    run.frames(".14");
    run.expect("start0 listen0[0-1000]");
    run.frames(".1");
    run.expect("end0[0-1000] commit(Hi.)");
}

#[test]
fn every_utterance_is_understood_once_after_it_ended() {
    let mut machine = Machine::new(Config::default());
    let mut told = Vec::new();
    let mut now = Time::ZERO;
    for frame in 0..600 {
        machine.handle(now, Input::Voice { speech: frame % 200 < 50 });
        if frame == 70 || frame == 260 {
            let (take, text) = (u64::from(frame > 100), Some("Well, no.".to_owned()));
            machine.handle(now, Input::Transcript { take, text });
        }
        now = now + FRAME;
        while let Some(output) = machine.poll() {
            if matches!(output, Output::UtteranceEnded { .. } | Output::Understood { .. }) {
                told.push(describe(&output));
            }
        }
    }
    now = now + FRAME * 1000;
    machine.handle(now, Input::Voice { speech: false });
    while let Some(output) = machine.poll() {
        told.push(describe(&output));
    }
    let expected = [
        "end0[0-1000]",
        "words0(Some(\"Well, no.\"))",
        "end1[4000-5000]",
        "words1(Some(\"Well, no.\"))",
        "end2[8000-9000]",
        "drop2",
        "words2(None)",
        "what",
    ];
    assert_eq!(told, expected);
}
