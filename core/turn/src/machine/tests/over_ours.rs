//! Signs of listening, interruptions, and noises that were neither.

use super::*;

fn speaking() -> Run {
    let mut run = Run::with(Config::default(), false);
    run.input(Input::ReplyReady);
    run
}

#[test]
fn a_sign_of_listening_that_made_us_pause_lets_us_go_on() {
    let mut run = speaking();
    run.frames("S20 .10");
    run.expect("start0 pause");
    run.words(0, "Yeah, okay.");
    run.expect("end0[0-400] resume aside(Yeah, okay.)");
}

#[test]
fn a_noise_lets_us_go_on() {
    let mut run = speaking();
    run.frames("S20 .15");
    run.words(0, "");
    run.expect("start0 pause end0[0-400] resume");
    // And we are interrupted like before.
    run.frames("S20 .10");
    run.words(1, "But what does it cost?");
    run.expect("start1 pause stop");
    run.frames(".10");
    run.expect("end1[700-1100] commit(But what does it cost?)");
}

#[test]
fn words_that_do_not_come_let_us_go_on() {
    let mut run = speaking();
    run.frames("S20 .84");
    run.expect("start0 pause");
    run.frames(".1");
    run.expect("end0[0-400] resume");
    run.words(0, "mm-hm");
    run.expect("aside(mm-hm)");
}

#[test]
fn words_that_come_too_late_for_the_verdict_still_stop_us() {
    let mut run = speaking();
    run.frames("S20 .90");
    run.expect("start0 pause end0[0-400] resume");
    run.words(0, "Stop, please.");
    run.expect("stop commit(Stop, please.)");
}

#[test]
fn long_speech_is_an_interruption_whatever_its_words() {
    let mut run = speaking();
    run.frames("S49");
    run.expect("start0 pause");
    run.frames("S1");
    run.expect("stop");
    run.frames("S10 .10");
    run.words(0, "yeah yeah yeah");
    run.frames(".10");
    run.expect("end0[0-1200] commit(yeah yeah yeah)");
}

#[test]
fn we_do_not_go_on_while_somebody_speaks() {
    let mut run = speaking();
    run.frames("S15 .10 S2");
    run.words(0, "Right.");
    run.expect("start0 pause");
    run.frames("S1");
    run.expect("");
    run.frames("S10 .10");
    run.words(0, "Right, right.");
    run.expect("end0[0-760] resume aside(Right, right.)");
}

#[test]
fn a_short_word_against_us_stops_us() {
    for word in ["No.", "Wait", "Stop.", "Excuse me"] {
        let mut run = speaking();
        run.frames("S8 .10");
        run.expect("start0");
        run.words(0, word);
        run.expect("stop");
        run.frames(".40");
        run.expect(&format!("end0[0-160] commit({word})"));
    }
}

#[test]
fn a_short_sound_that_is_no_such_word_does_not() {
    for word in ["you", "Thank", "mm-hm", "okay"] {
        let mut run = speaking();
        run.frames("S8 .80");
        run.words(0, word);
        run.expect(&format!("start0 end0[0-160] aside({word})"));
    }
}

#[test]
fn a_yes_to_a_question_is_an_answer() {
    for (sound, frames) in [("yes", "S8 .10"), ("Yeah, sure.", "S20 .10")] {
        let mut run = speaking();
        run.input(Input::Expect(Expected::Answer));
        run.frames(frames);
        run.words(0, sound);
        assert_eq!(run.log.last().map(String::as_str), Some("stop"), "{sound}");
        run.log.clear();
        run.frames(".40");
        assert_eq!(run.log.last(), Some(&format!("commit({sound})")));
    }
}

#[test]
fn a_hum_to_a_question_is_none() {
    let mut run = speaking();
    run.input(Input::Expect(Expected::Answer));
    run.frames("S20 .10");
    run.words(0, "Hmm.");
    run.expect("start0 pause end0[0-400] resume aside(Hmm.)");
}

#[test]
fn a_short_answer_just_before_our_end_takes_the_turn() {
    let mut run = speaking();
    run.input(Input::ReplyDone);
    run.frames("S8 .95");
    run.expect("start0 end0[0-160]");
    run.input(Input::PlayoutIdle);
    run.input(Input::Expect(Expected::Answer));
    run.words(0, "Friday.");
    run.expect("commit(Friday.)");
}

#[test]
fn our_turn_may_be_complete_before_we_go_on() {
    let mut run = speaking();
    run.frames("S20 .10");
    run.input(Input::ReplyDone);
    run.words(0, "mm-hm");
    run.input(Input::PlayoutIdle);
    run.frames(".301");
    run.expect("start0 pause end0[0-400] resume aside(mm-hm) nudge0");
}

#[test]
fn our_goodbye_ends_a_pause() {
    let mut run = speaking();
    run.frames("S20 .10");
    run.input(Input::Ending);
    run.input(Input::ReplyReady);
    run.words(0, "No, wait.");
    run.frames(".100");
    run.expect("start0 pause end0[0-400] aside(No, wait.)");
}

#[test]
fn nothing_is_drafted_while_we_pause() {
    let mut run = Run::with(Config::default(), true);
    run.input(Input::ReplyReady);
    run.frames("S20 .10");
    run.words(0, "Okay.");
    run.expect("start0 pause listen0[0-400] end0[0-400] resume aside(Okay.)");
}
