//! Scenarios against a playbook that answers what it is told to.

use agenticcalling_scenario::{
    Brief, CallBack, Channel, Clause, Guidance, Lines, Playable, Report, Speaker, Turn, Verdict,
    babble, play,
};

/// Withholds what names lilies; suggests what it heard in capitals; stops answering at "crash".
#[derive(Default)]
struct Echo {
    brief: Brief,
    heard: Vec<String>,
}

impl Playable for Echo {
    fn begin(&mut self, brief: &Brief) -> Result<Lines, String> {
        *self = Echo { brief: brief.clone(), heard: Vec::new() };
        let opening = format!("About {}.", brief.objective);
        Ok(Lines { opening, ..Lines::default() })
    }

    fn heard(&mut self, turn: &Turn) -> Result<Option<Guidance>, String> {
        self.heard.push(turn.text.clone());
        match turn.text.as_str() {
            "crash" => Err("trap in heard".to_owned()),
            "hm" => Ok(None),
            text => Ok(Some(Guidance {
                instruction: "echo".to_owned(),
                suggestion: Some(text.to_uppercase()),
                settled: text == "done",
            })),
        }
    }

    fn spoke(&mut self, _turn: &Turn) -> Result<(), String> {
        Ok(())
    }

    fn check(&mut self, clause: &Clause) -> Result<Verdict, String> {
        let lilies = clause.text.contains("lilies");
        Ok(if lilies { Verdict::Withhold("poisonous".to_owned()) } else { Verdict::Pass })
    }

    fn may_end(&mut self) -> Result<Option<Guidance>, String> {
        let open = Guidance { instruction: "listen first".to_owned(), ..Guidance::default() };
        Ok(self.heard.is_empty().then_some(open))
    }

    fn extraction(&mut self) -> Result<String, String> {
        Ok("{}".to_owned())
    }

    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        let heard = transcript.iter().filter(|turn| turn.speaker == Speaker::Callee).count();
        Ok(Report {
            success: draft.is_some(),
            summary: format!("{heard} heard"),
            data: format!(r#"{{"heard":{heard},"rules":{}}}"#, self.brief.rules.len()),
            ungrounded: vec!["a".to_owned(), "b".to_owned()],
            call_back: CallBack::At(7),
            do_not_call: false,
            channel: Some(Channel::Sms),
        })
    }
}

const AS_WRITTEN: &str = "
    # Everything is as expected here.
    objective: roses
    rule: be brief
    opening: About roses
    may end: no
    them: hello
    suggests: HELLO
    instructs: echo
    settled: no
    us: *
    check: a dozen lilies -> withhold
    check: a dozen -> roses -> pass
    them: hm
    suggests: -
    them: done
    settled: yes
    may end: yes
    draft: {}
    data: {\"heard\": 3, \"rules\": 1}
    ungrounded: a, b
    summary: 3 heard
    success: yes
    do not call: no
    call back: 7
    channel: sms
";

fn differences(scenario: &str) -> Vec<String> {
    let outcome = play(scenario, &mut Echo::default());
    outcome.differences.iter().map(ToString::to_string).collect()
}

#[test]
fn what_goes_as_written_has_no_differences() {
    let outcome = play(AS_WRITTEN, &mut Echo::default());
    assert_eq!(outcome.differences, [], "{:#?}", outcome.differences);
    assert_eq!(outcome.expectations, 17);
}

#[test]
fn every_difference_is_shown_with_what_was_expected_and_found() {
    let found = differences(
        "opening: tulips\nthem: hi\nus: *\ncheck: lilies -> pass\nmay end: no\n\
         data: {\"heard\": 2, \"price\": 9}\nchannel: no",
    );
    let expected = [
        "line 1: `opening: tulips`\n    expected  a text with `tulips`\n    found     `About .`",
        "line 4: `check: lilies -> pass`\n    expected  pass\n    found     withhold, because: poisonous",
        "line 5: `may end: no`\n    expected  no\n    found     yes",
        "line 6: `data: {\"heard\": 2, \"price\": 9}`\n    expected  heard: 2, no rules, price: 9\n    \
         found     heard: 1, no price, rules: 0",
        "line 7: `channel: no`\n    expected  no\n    found     sms",
    ];
    assert_eq!(found, expected);
}

#[test]
fn lines_that_cannot_be_read_are_all_told_and_nothing_is_played() {
    let found = differences(
        "objective\nfoo: bar\nmay end: perhaps\ncheck: text\ncheck: text -> maybe\nnow: soon\n\
         data: {\ncall back: later\nopening: x\nrule: too late",
    );
    let reasons = [
        ("line 1", "no verb"),
        ("line 2", "unknown verb `foo`"),
        ("line 3", "expected yes or no, not `perhaps`"),
        ("line 4", "no `->`"),
        ("line 5", "expected one of pass, withhold, replace, hang-up, not `maybe`"),
        ("line 6", "not a number"),
        ("line 7", "the data is no JSON"),
        ("line 8", "expected `no`, `words`"),
        ("line 10", "the brief must come before the conversation"),
    ];
    assert_eq!(found.len(), reasons.len(), "{found:#?}");
    for (found, (line, reason)) in found.iter().zip(reasons) {
        assert!(found.starts_with(line) && found.contains(reason), "{found}");
    }
}

#[test]
fn a_scenario_without_expectations_is_refused() {
    assert_eq!(differences("objective: roses\nthem: hello"), ["the scenario expects nothing"]);
    assert_eq!(differences(""), ["the scenario expects nothing"]);
}

#[test]
fn a_missing_suggestion_does_not_end_the_play_but_a_crash_does() {
    let found = differences("them: hm\nus: *\nmay end: no\nthem: crash\nmay end: no");
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found[0].contains("there is no suggestion to speak"));
    assert!(found[1].starts_with("line 3"));
    assert!(found[2].contains("trap in heard"));
}

#[test]
fn babble_goes_through_everything_and_is_the_same_for_a_seed() {
    let mut echo = Echo::default();
    babble(1, &mut echo).unwrap();
    let first = echo.heard.clone();
    babble(2, &mut echo).unwrap();
    assert_ne!(echo.heard, first);
    babble(1, &mut echo).unwrap();
    assert_eq!(echo.heard, first);
}
