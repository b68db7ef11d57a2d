use super::*;

const SMALL: &str = r#"
name = "small"
number = "+12025550190"
description = "d"
expected_outcome = "e"
greeting = "Hello?"
[demo]
objective = "o"
[[step]]
when = ["price*"]
say = "Ten dollars."
"#;

#[test]
fn every_built_in_scenario_reads_and_has_a_fictional_or_documented_number() {
    let scenarios = Scenarios::load(None).unwrap();
    assert_eq!(scenarios.all().len(), BUILT_IN.len());
    for scenario in scenarios.all() {
        for number in &scenario.numbers {
            let number = number.as_str();
            let fictional = number.starts_with("+120255501");
            assert!(fictional || number.starts_with("+1415555"), "{number}");
        }
        assert!(!scenario.description.is_empty() && !scenario.demo.objective.is_empty());
    }
    let listed = include_str!("../../scenarios/README.md");
    for scenario in scenarios.all() {
        let row =
            format!("| {} | `{}` | {} |", scenario.numbers[0], scenario.name, scenario.description);
        assert!(listed.contains(&row), "scenarios/README.md lacks this row: {row}");
    }
    let supplier = scenarios.named("steel_supplier").unwrap();
    assert_eq!(supplier.demo.objective, "Get bulk pricing for 500 steel beams");
    assert_eq!(supplier.demo.rules, ["Never agree to price above $60/unit"]);
    let sample: E164 = "+14155551234".parse().unwrap();
    assert_eq!(scenarios.find(&sample).unwrap().name, "shop");
}

#[test]
fn errors_name_the_file_the_key_and_what_to_do() {
    let check = |change: (&str, &str), expected: &[&str]| {
        let text = SMALL.replacen(change.0, change.1, 1);
        assert_ne!(text, SMALL, "{change:?} changes nothing");
        let error = format!("{:#}", parse("my.toml", &text).unwrap_err());
        for part in ["my.toml"].iter().chain(expected) {
            assert!(error.contains(part), "{change:?}: {part:?} is not in: {error}");
        }
    };
    check(("name = \"small\"", ""), &["name", "missing"]);
    check(("\"small\"", "\"Small Shop\""), &["name", "lower-case"]);
    check(("+12025550190", "12025550190"), &["number", "E.164"]);
    check(("description", "descripton"), &["descripton", "unknown field"]);
    check(("greeting = \"Hello?\"", ""), &["greeting", "say how it answers"]);
    check(
        ("greeting = \"Hello?\"", "greeting = \"Hi\"\nvoice = \"bob\""),
        &["voice", "bob", "rms, slt"],
    );
    check(("greeting = \"Hello?\"", "greeting = \"…\""), &["nothing in it to speak"]);
    check(("greeting = \"Hello?\"", "greeting = \"Hi\"\nkind = \"dead\""), &["kind", "no_answer"]);
    check(
        ("greeting = \"Hello?\"", "greeting = \"Hi\"\nring_ms = 999999"),
        &["ring_ms", "too long"],
    );
    check(("greeting = \"Hello?\"", "greeting = \"Hi\"\nring_ms = -1"), &["ring_ms"]);
    check(("[\"price*\"]", "\"never\""), &["step 1", "when", "unrecognised", "always"]);
    check(("[\"price*\"]", "[]"), &["step 1", "when", "empty"]);
    check(("[\"price*\"]", "[\"?\"]"), &["step 1", "when", "no words"]);
    check(("[\"price*\"]", "[1]"), &["step 1", "when", "list of phrases"]);
    check(("[\"price*\"]", "{ silence_ms = 0 }"), &["step 1", "silence_ms = 5000"]);
    check(("[\"price*\"]", "\"always\"\nunless = [\"no\"]"), &["step 1", "unless"]);
    check(("say = \"Ten dollars.\"", ""), &["step 1", "say", "then"]);
    check(
        ("say = \"Ten dollars.\"", "then = \"leave\""),
        &["step 1", "then", "hang_up", "goto STATE"],
    );
    check(("say = \"Ten dollars.\"", "then = \"goto x\""), &["step 1", "no state 'x'"]);
    check(("say = \"Ten dollars.\"", "say = 10"), &["say", "text"]);
    check(("[[step]]", "[line]\nloss_percent = 120\n[[step]]"), &["line.loss_percent", "0 to 100"]);
    check(("[[step]]", "[fallback]\nsay = []\n[[step]]"), &["fallback.say"]);
    check(("[demo]", "[demo"), &["TOML"]);
}

#[test]
fn a_folder_adds_scenarios_and_may_replace_built_in_ones() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("small.toml", SMALL);
    write("notes.txt", "not a scenario");
    let scenarios = Scenarios::load(Some(folder.path())).unwrap();
    assert_eq!(scenarios.all().len(), BUILT_IN.len() + 1);
    assert!(scenarios.named("small").is_some());

    write("busy.toml", &SMALL.replace("\"small\"", "\"busy\"").replace("90\"", "91\""));
    let scenarios = Scenarios::load(Some(folder.path())).unwrap();
    assert_eq!(scenarios.named("busy").unwrap().kind, Kind::Talk);
    assert!(scenarios.find(&"+12025550110".parse().unwrap()).is_none());

    write("other.toml", &SMALL.replace("\"small\"", "\"other\""));
    let error = format!("{:#}", Scenarios::load(Some(folder.path())).unwrap_err());
    assert!(error.contains("+12025550190") && error.contains("choose another"), "{error}");
    let missing = Scenarios::load(Some(&folder.path().join("none"))).unwrap_err();
    assert!(format!("{missing:#}").contains("folder of scenarios"));
}
