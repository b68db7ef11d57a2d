//! Turn-taking on real audio in virtual time: who speaks when, to the frame.

use agenticcalling::audio::{FRAME_MS, SILENCE, Vad};
use agenticcalling::model::Role;
use agenticcalling_tests::duet::{Duet, Event, is_loud};
use domain::{Speaker, Turn};
use turn::{Config, Endpointing};

use crate::virtual_time::STUDIO;

const LONG: &str = "We are looking for two hundred steel beams of medium length and we would like to \
    know what they would cost, how soon you could deliver them, and who we should ask for.";

fn talking(config: Config) -> Duet {
    Duet::talking(&STUDIO, config).unwrap()
}

/// How long after the last sound of these words something of ours is heard.
fn answered_after_ms(config: Config, words: &str) -> u64 {
    let mut duet = talking(config);
    let end_ms = duet.hear(words).unwrap();
    duet.run_until_we_speak().unwrap() - end_ms
}

fn at_ms(duet: &Duet, wanted: impl Fn(&Event) -> bool) -> u64 {
    let found = duet.events().iter().find(|(_, event)| wanted(event));
    found.unwrap_or_else(|| panic!("{:#?}", duet.events())).0
}

fn asked(event: &Event) -> bool {
    matches!(event, Event::Asked { .. })
}

fn their_turn(event: &Event) -> bool {
    matches!(event, Event::Turn(Turn { speaker: Speaker::Callee, .. }))
}

/// What the model was last shown of the conversation.
fn shown(duet: &Duet) -> Vec<(Role, String)> {
    let shown = duet.events().iter().rev().find_map(|(_, event)| match event {
        Event::Asked { history, .. } => Some(history.clone()),
        _ => None,
    });
    shown.unwrap_or_default()
}

/// We are in the middle of a long turn.
fn speaking(text: &str) -> Duet {
    let mut duet = talking(Config::default());
    duet.will_reply(text);
    duet.hear("How can I help you?").unwrap();
    duet.run_until_we_speak().unwrap();
    duet.run(1500).unwrap();
    duet.will_reply("All right.");
    duet
}

#[test]
fn the_first_word_comes_soon_after_the_greeting() {
    for greeting in ["Hello?", "Yes.", "Bay Supply, this is Mike Chen. What can I do for you?"] {
        let mut duet = Duet::ring(&STUDIO, Config::default()).unwrap();
        duet.answer().unwrap();
        let end_ms = duet.hear(greeting).unwrap();
        duet.run_until_we_speak().unwrap();
        let first_ms = at_ms(&duet, |event| *event == Event::Started);
        assert!(first_ms - end_ms <= 600, "{greeting}: {} ms", first_ms - end_ms);
    }
}

#[test]
fn half_a_sentence_is_waited_for() {
    let complete = answered_after_ms(Config::default(), "We are open until nine today.");
    let hanging = answered_after_ms(Config::default(), "It costs fifty dollars and");
    assert!(complete <= 1100, "{complete}");
    assert!(hanging >= complete + 800, "{hanging}, {complete}");
    let fixed = Config { endpointing: Endpointing::Fixed { ms: 200 }, ..Config::default() };
    let at_once = answered_after_ms(fixed, "It costs fifty dollars and");
    assert!(at_once + 800 <= hanging, "{at_once}, {hanging}");
}

#[test]
fn a_number_is_dictated_without_being_talked_into() {
    let mut duet = talking(Config::default());
    let start_ms = duet.now_ms();
    let mut end_ms = 0;
    for piece in ["My number is four one five", "five five five", "oh one two three."] {
        duet.run(1300).unwrap();
        end_ms = duet.hear(piece).unwrap();
    }
    duet.run_until_we_speak().unwrap();
    assert_eq!(duet.loud_ms(start_ms, end_ms), [] as [u64; 0]);
    let turns = duet.turns(Speaker::Callee);
    let texts: Vec<&str> = turns.iter().map(|turn| turn.text.as_str()).collect();
    assert_eq!(texts, ["My number is four one five five five five oh one two three."]);
}

#[test]
fn an_answer_that_was_drafted_comes_sooner() {
    let words = "I would say Thursday morning";
    let drafted = answered_after_ms(Config::default(), words);
    let plain = answered_after_ms(Config { drafts: false, ..Config::default() }, words);
    assert!(drafted + 150 <= plain, "{drafted}, {plain}");

    let mut duet = talking(Config::default());
    duet.hear(words).unwrap();
    duet.run_until_we_speak().unwrap();
    assert!(at_ms(&duet, asked) < at_ms(&duet, their_turn), "{:#?}", duet.events());
    assert_eq!(duet.count(asked), 1);
    assert_eq!(shown(&duet).last(), Some(&(Role::User, words.to_owned())));
}

#[test]
fn a_draft_is_thrown_away_when_speech_goes_on() {
    let mut duet = talking(Config::default());
    let start_ms = duet.now_ms();
    duet.will_reply("Nobody may hear this.");
    duet.hear("I would say Thursday morning").unwrap();
    duet.run(600).unwrap();
    assert_eq!(duet.count(asked), 1, "{:#?}", duet.events());
    duet.will_reply("Friday it is.");
    let end_ms = duet.hear("or rather on Friday.").unwrap();
    duet.run_until_we_are_silent().unwrap();

    assert_eq!(duet.loud_ms(start_ms, end_ms), [] as [u64; 0]);
    assert_eq!(duet.count(|event| matches!(event, Event::Forgot { .. })), 1);
    assert_eq!(duet.count(asked), 2);
    let whole = "I would say Thursday morning or rather on Friday.";
    assert_eq!(shown(&duet).last(), Some(&(Role::User, whole.to_owned())));
    let texts = |speaker| duet.turns(speaker).into_iter().map(|turn| turn.text);
    assert_eq!(texts(Speaker::Callee).collect::<Vec<_>>(), [whole]);
    assert_eq!(texts(Speaker::Agent).collect::<Vec<_>>(), ["Friday it is."]);
}

/// What cannot be taken back is not done for a draft.
#[test]
fn a_draft_neither_uses_tools_nor_hangs_up() {
    let mut duet = talking(Config::default());
    duet.ends_call = true;
    duet.will_reply("Thank you.");
    duet.hear("I would say Thursday morning").unwrap();
    duet.run(600).unwrap();
    duet.hear("or rather on Friday").unwrap();
    duet.run(600).unwrap();
    // Two drafts: the playbook, which has things left to ask, was not asked whether we may go.
    assert_eq!(duet.count(asked), 2, "{:#?}", duet.events());
    assert_eq!(duet.count(|event| matches!(event, Event::Over(_))), 0);
    duet.run(400).unwrap();
    assert_eq!(duet.count(their_turn), 1);
    assert!(duet.count(asked) > 2, "it was asked when the turn was complete: {:#?}", duet.events());
}

#[test]
fn a_turn_that_cannot_be_synthesised_is_not_waited_for() {
    for done_ms in [0, 1000] {
        let mut duet = talking(Config::default());
        (duet.mute, duet.done_ms) = (true, done_ms);
        duet.hear("How can I help you?").unwrap();
        duet.run(3000).unwrap();
        duet.mute = false;
        let quiet_ms = duet.now_ms();
        let asked_ms = duet.run_until_we_speak().unwrap() - quiet_ms;
        assert!(asked_ms < 7000, "nobody asks whether they are there: {asked_ms}");
    }
}

#[test]
fn an_interruption_silences_us_within_a_frame() {
    let mut duet = speaking(LONG);
    let start = (duet.now_ms() / FRAME_MS) as usize;
    duet.hear("Wait, wait, I have to ask you something else first.").unwrap();
    let end = (duet.now_ms() / FRAME_MS) as usize;
    duet.run_until_we_speak().unwrap();

    // The frame in which a quarter of a second of speech over ours is complete.
    let mut vad = Vad::new();
    let mut over = 0;
    let mut decided = None;
    for (tick, (heard, sent)) in duet.frames().enumerate() {
        let speech = vad.speech(heard);
        if (start..end).contains(&tick) {
            over += u64::from(speech) * FRAME_MS;
            let due = over >= Config::default().barge_in_ms;
            decided = decided.or_else(|| due.then_some(tick));
            let silent = *sent == SILENCE;
            assert!(silent || decided.is_none(), "tick {tick}, decided at {decided:?}");
        }
    }
    let decided_ms = (decided.expect("speech is heard") - start) as u64 * FRAME_MS;
    assert!(decided_ms < 500, "{decided_ms}");

    let cut = duet.turns(Speaker::Agent).into_iter().find(|turn| turn.interrupted).unwrap();
    assert!(LONG.starts_with(&cut.text) && cut.text.len() > 10, "{cut:?}");
    let heard = (Role::Assistant, cut.text.clone());
    assert!(shown(&duet).contains(&heard), "{:#?}", shown(&duet));
    assert_eq!(duet.turns(Speaker::Agent).iter().filter(|turn| turn.text == LONG).count(), 0);
}

/// Our turn comes to its end although they made a sound, and nothing of it is lost.
fn check_went_on(sound: impl FnOnce(&mut Duet) -> u64) -> Duet {
    let mut duet = speaking(LONG);
    let start_ms = duet.now_ms();
    let end_ms = sound(&mut duet);
    duet.run_until_we_are_silent().unwrap();
    let silence = duet.loud_ms(start_ms, duet.now_ms());
    let gap = silence.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
    assert!(gap < end_ms - start_ms + 900, "silent for {gap} ms");
    let ours = duet.turns(Speaker::Agent);
    assert_eq!(ours.len(), 1, "{ours:#?}");
    assert_eq!((ours[0].text.as_str(), ours[0].interrupted), (LONG, false));
    duet
}

#[test]
fn a_sign_of_listening_does_not_cut_us_off() {
    let duet = check_went_on(|duet| duet.begin("Okay, all right.").unwrap());
    let theirs: Vec<String> = duet.turns(Speaker::Callee).into_iter().map(|t| t.text).collect();
    assert_eq!(theirs, ["How can I help you?", "Okay, all right."]);
    assert_eq!(duet.count(asked), 1, "nobody was asked for an answer to it");
}

#[test]
fn a_noise_does_not_cut_us_off() {
    let duet = check_went_on(|duet| duet.begin_noise("Okay, all right.").unwrap());
    assert_eq!(duet.turns(Speaker::Callee).len(), 1);
}

#[test]
fn a_yes_to_our_question_is_an_answer_though_we_speak() {
    let mut duet = speaking(
        "Would Thursday suit you? I could also come on Friday or on Saturday morning, which is the \
         best time for all of us here.",
    );
    duet.run(700).unwrap();
    duet.hear("Yes, sure.").unwrap();
    duet.run_until_we_are_silent().unwrap();
    let cut = duet.turns(Speaker::Agent).into_iter().find(|turn| turn.interrupted);
    assert!(cut.is_some_and(|turn| turn.text.contains("suit you?")), "{:#?}", duet.events());
    assert_eq!(shown(&duet).last(), Some(&(Role::User, "Yes, sure.".to_owned())));
}

/// Whatever is said when: we never go on speaking over somebody, and the transcript holds of our words
/// only what was to be said, from its beginning.
#[test]
fn random_talk_is_never_spoken_over() {
    const SAYINGS: [&str; 8] = [
        "Okay.",
        "Mm-hm.",
        "No, wait a moment, that is not what I wanted to know.",
        "My number is four one five",
        "I would say Thursday morning",
        "We are open until nine today, and on Sunday until six.",
        "Sorry?",
        "Well, let me see, it should be around here somewhere, I had it a minute ago",
    ];
    const REPLIES: [&str; 3] = [LONG, "Thank you. Could you tell me your phone number?", "I see."];
    for seed in 1..=6u64 {
        let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = move |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> 33) % below
        };
        let mut duet = talking(Config::default());
        for _ in 0..14 {
            duet.will_reply(REPLIES[next(3) as usize]);
            duet.transcript_ms = 100 + next(6) * 100;
            duet.hear(SAYINGS[next(8) as usize]).unwrap();
            duet.run(next(30) * 100).unwrap();
        }
        // Frames since they were heard, and frames in which both spoke.
        let (mut quiet, mut both) = (0, 0);
        for (tick, (heard, sent)) in duet.frames().enumerate() {
            quiet = if is_loud(heard) { 0 } else { quiet + 1 };
            both = match (quiet < 10, is_loud(sent)) {
                (true, true) => both + 1,
                (false, _) => 0,
                (true, false) => both,
            };
            assert!(both < 40, "seed {seed}: both speak at {} ms", tick as u64 * FRAME_MS);
        }
        for turn in duet.turns(Speaker::Agent) {
            let known = REPLIES.iter().any(|reply| reply.starts_with(&turn.text));
            let ours = known || turn.text.contains("there?") || turn.text.contains("catch that");
            assert!(ours, "seed {seed}: {turn:?}");
        }
    }
}
