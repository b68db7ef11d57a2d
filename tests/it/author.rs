//! The playbook author's tools, as an author uses them: the real program on real components.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use agenticcalling_tests::{TestServer, said_by};
use serde_json::{Value, json};

const PRICES: &str = "platform.price_inquiry";
const GENERAL: &str = "platform.general";
const CEILING: &str = "Never agree to price above $60/unit";

/// The folder of components that `cargo x playbooks` fills.
fn components() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_node"));
    let mut folders = program.ancestors().skip(1).map(|folder| folder.join("playbooks"));
    folders.find(|folder| folder.join("platform.general.wasm").is_file()).unwrap()
}

fn component(id: &str) -> String {
    components().join(format!("{id}.wasm")).display().to_string()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_node"));
    command.arg("playbook").args(arguments).env_remove("AC_API_KEY").env_remove("AC_BASE_URL");
    command
}

fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // A program that does not read its input ends before it is written.
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// One answer for each line.
fn evaluated(arguments: &[&str], lines: &[Value]) -> Vec<Value> {
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    let arguments: Vec<&str> = ["eval"].into_iter().chain(arguments.iter().copied()).collect();
    let output = run(&arguments, &(lines.join("\n") + "\n"));
    assert!(output.status.success(), "{}", complaint(&output));
    let answers = shown(&output);
    let answers: Vec<Value> =
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), lines.len(), "{answers:?}");
    answers
}

#[test]
fn a_clause_gets_the_verdict_of_its_rule() {
    let human =
        json!({"speaker": "human", "text": "It is seventy-two dollars. Do we have a deal?"});
    let callee =
        json!({"speaker": "callee", "text": "It is seventy-two dollars. Do we have a deal?"});
    let agent = json!({"speaker": "agent", "text": "Hello, what is your price per unit?"});
    let rules = json!(["Always be polite", CEILING]);
    let answers = evaluated(
        &[],
        &[
            json!({"id": 1, "rules": rules, "history": [agent, human], "clause": "Yes, seventy-two dollars works for us."}),
            json!({"id": "two", "rules": rules, "history": [agent, callee], "clause": "That works for us."}),
            json!({"rules": rules, "history": [agent, human], "clause": "That is above our budget."}),
            json!({"rules": rules, "history": [], "said": "We could do sixty", "clause": "five dollars per unit."}),
            json!({"rules": [], "history": [human], "clause": "Yes, seventy-two dollars works for us."}),
            json!({"rules": rules, "history": [human], "clause": "That works for us.", "playbook": PRICES}),
        ],
    );
    for (answer, (verdict, rule)) in answers.iter().zip([
        ("withhold", json!(1)),
        ("withhold", json!(1)),
        ("pass", json!(null)),
        ("withhold", json!(1)),
        ("pass", json!(null)),
        ("withhold", json!(1)),
    ]) {
        assert_eq!((&answer["verdict"], &answer["rule"]), (&json!(verdict), &rule), "{answer}");
        assert_eq!(answer["reason"].is_string(), verdict != "pass", "{answer}");
    }
    assert_eq!((&answers[0]["id"], &answers[1]["id"]), (&json!(1), &json!("two")));
}

#[test]
fn a_call_may_end_when_its_obligations_are_met() {
    let rules = json!(["Always ask for the name of the person"]);
    let asked = json!({"speaker": "agent", "text": "May I have the name of the person I am speaking with?"});
    let answers = evaluated(
        &[],
        &[
            json!({"rules": rules, "history": [], "at_end": true}),
            json!({"rules": rules, "history": [asked], "at_end": true}),
            json!({"rules": [], "history": [], "at_end": true}),
            json!({"rules": [CEILING], "history": [asked], "at_end": true}),
        ],
    );
    let may: Vec<&Value> = answers.iter().map(|answer| &answer["may_end"]).collect();
    assert_eq!(may, [&json!(false), &json!(true), &json!(true), &json!(true)], "{answers:?}");
    assert!(answers[0]["open"].is_string() && answers[1]["open"].is_null(), "{answers:?}");
}

#[test]
fn a_transcript_gets_its_report() {
    let transcript = json!([
        {"speaker": "human", "text": "Steel Supply, this is Mike Chen speaking."},
        {"speaker": "agent", "text": "Hello, what would your price per unit be?"},
        {"speaker": "human", "text": "It is fifty-eight. No, sorry, fifty-four dollars per unit. Call me back tomorrow at two p.m. please."},
    ]);
    let line = |schema: Value, now: Value| {
        json!({
            "objective": "Get bulk pricing for 500 steel beams",
            "schema": schema,
            "transcript": transcript,
            "now": now,
            "timezone": "America/New_York",
            "playbook": PRICES,
        })
    };
    let full = json!({"type": "object", "properties": {"quoted_price": {"type": "number"}}});
    let short = json!({"quoted_price": "number"});
    let mut drafted = line(short.clone(), json!(1_774_519_200_000_u64));
    drafted["draft"] = json!({"quoted_price": 58, "discount": 12, "success": true});
    let answers = evaluated(
        &[],
        &[
            line(full, json!("2026-03-26T10:00:00Z")),
            line(short, json!(1_774_519_200_000_u64)),
            drafted,
        ],
    );
    for answer in &answers {
        assert_eq!(answer["structured_data"], json!({"quoted_price": 54}), "{answer:#}");
        assert_eq!(answer["success"], true, "{answer:#}");
        assert!(answer["summary"].as_str().unwrap().contains("54"), "{answer:#}");
        assert_eq!(answer["call_back"]["at"], "2026-03-27T18:00:00Z", "{answer:#}");
        assert!(answer["do_not_call"].is_null() && answer["switch_channel"].is_null());
        assert!(answer["ungrounded"].is_array() && answer["notes"].is_array());
    }
    // The same call, with the time said in two ways.
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn an_objective_gets_its_playbook() {
    let answers = evaluated(
        &[],
        &[
            json!({"objective": "Get bulk pricing for 500 steel beams"}),
            json!({"objective": "Say happy birthday to Ann", "language": "en"}),
        ],
    );
    assert_eq!(answers[0]["chosen"], PRICES);
    assert_eq!(answers[1]["chosen"], GENERAL);
    for answer in &answers {
        let scores = answer["scores"].as_object().unwrap();
        assert!(scores.contains_key(PRICES) && scores.contains_key(GENERAL), "{answer}");
        assert!(scores.values().all(|score| score.as_u64().is_some_and(|score| score <= 100)));
    }
    let one = evaluated(&[&component(PRICES)], &[json!({"objective": "Get a price for beams"})]);
    assert_eq!(one[0]["chosen"], PRICES);
    assert_eq!(one[0]["scores"].as_object().unwrap().len(), 1);
}

#[test]
fn a_bad_line_is_answered_and_the_next_is_read() {
    let good = json!({"id": "good", "rules": [CEILING], "history": [], "clause": "Hello."});
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = format!(r#"{{"id": 9, "clause": "{}"}}"#, "x".repeat(9 * 1024 * 1024));
    let bad: [(&str, &str); 16] = [
        ("", "no JSON"),
        ("not json", "no JSON"),
        (r#"{"id": 3,"#, "no JSON"),
        ("[1, 2]", "must be a JSON object"),
        ("null", "must be a JSON object"),
        ("{}", "nothing is asked"),
        (r#"{"id": 7, "rules": "none", "clause": "x"}"#, "`rules`"),
        (
            r#"{"id": 7, "history": [{"speaker": "robot", "text": "x"}], "clause": "x"}"#,
            "`history[0].speaker`",
        ),
        (r#"{"id": 7, "clause": "x", "playbook": "platform.nonsense"}"#, "there is no"),
        (r#"{"id": 7, "clause": "x", "playbook": "../../etc/passwd"}"#, "there is no file"),
        (r#"{"id": 7, "objective": "x", "transcript": [], "timezone": "Mars/Base"}"#, "time zone"),
        (r#"{"id": 7, "objective": "x", "transcript": [], "now": "soon"}"#, "`now`"),
        (r#"{"id": 7, "objective": "x", "transcript": [], "schema": "price"}"#, "`schema`"),
        (r#"{"id": 7, "clause": "x", "settings": {"nonsense": 1}}"#, "no setting"),
        (&deep, "no JSON"),
        (&long, "longer than"),
    ];
    let mut input = String::new();
    for (line, _) in bad {
        input.push_str(&format!("{line}\n{good}\n"));
    }
    // The last line has no end.
    input.push_str(&good.to_string());
    let output = run(&["eval"], &input);
    assert!(output.status.success(), "{}", complaint(&output));
    let answers = shown(&output);
    let answers: Vec<Value> =
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 2 * bad.len() + 1);
    for (pair, (line, reason)) in answers.chunks(2).zip(bad) {
        let error = pair[0]["error"].as_str().unwrap_or_else(|| panic!("{line}: {}", pair[0]));
        assert!(error.contains(reason), "{error}");
        if line.starts_with(r#"{"id": 7"#) {
            assert_eq!(pair[0]["id"], 7, "{line}");
        }
        assert_eq!((&pair[1]["id"], &pair[1]["verdict"]), (&json!("good"), &json!("pass")));
    }
    assert_eq!(answers.last().unwrap()["verdict"], "pass");
}

/// Its verdict is what a call would do; everything else of it is an error of one line.
#[test]
fn a_playbook_that_breaks_its_limits_costs_one_line() {
    let hostile = components().join("tests/hostile.wasm").display().to_string();
    let now = json!({"speaker": "human", "text": "now"});
    let good = json!({"clause": "Hello."});
    let lines = [
        json!({"objective": "loop in check", "clause": "now"}),
        json!({"objective": "trap in check", "clause": "now"}),
        json!({"objective": "huge in check", "clause": "now"}),
        json!({"objective": "loop in plan", "clause": "now"}),
        json!({"objective": "recursion in heard", "history": [now], "clause": "Hello."}),
        json!({"objective": "memory in finish", "transcript": [now]}),
    ];
    let mixed: Vec<Value> = lines.iter().flat_map(|line| [line.clone(), good.clone()]).collect();
    let answers = evaluated(&[&hostile], &mixed);
    for (pair, line) in answers.chunks(2).zip(&lines) {
        if line["objective"].as_str().unwrap().ends_with("check") {
            assert_eq!(pair[0]["verdict"], "withhold", "{line}: {}", pair[0]);
            assert!(pair[0]["breach"].is_string(), "{line}: {}", pair[0]);
        } else {
            assert!(pair[0]["error"].is_string(), "{line}: {}", pair[0]);
        }
        assert_eq!(pair[1]["verdict"], "pass", "{line}: {}", pair[1]);
    }
    let checked = run(&["check", &hostile], "");
    assert_eq!(checked.status.code(), Some(1), "{}", shown(&checked));
}

#[test]
fn bytes_that_are_no_text_are_a_bad_line() {
    let mut child =
        command(&["eval"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"{\"clause\": \"\xff\"}\n{\"clause\": \"Hello.\"}\n").unwrap();
    drop(stdin);
    let answers = shown(&child.wait_with_output().unwrap());
    let (bad, good) = answers.trim().split_once('\n').unwrap();
    assert!(bad.contains("error") && good.contains("pass"), "{answers}");
}

#[test]
fn a_thousand_lines_are_answered_in_order() {
    let mut lines = Vec::new();
    for number in 0..1000 {
        let dollars = 40 + number % 40;
        let clause = format!("Okay, {dollars} dollars per unit works for us.");
        lines.push(json!({"id": number, "rules": [CEILING], "history": [], "clause": clause}));
    }
    let answers = evaluated(&[], &lines);
    for (number, answer) in answers.iter().enumerate() {
        let expected = if 40 + number % 40 > 60 { "withhold" } else { "pass" };
        assert_eq!(
            (&answer["id"], &answer["verdict"]),
            (&json!(number), &json!(expected)),
            "{answer}"
        );
    }
}

#[test]
fn an_answer_comes_before_the_next_question() {
    let mut child =
        command(&["eval"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    for _ in 0..3 {
        stdin.write_all(b"{\"clause\": \"Hello.\"}\n").unwrap();
        let mut answer = Vec::new();
        let mut byte = [0];
        while answer.last() != Some(&b'\n') {
            assert_eq!(stdout.read(&mut byte).unwrap(), 1, "the program ended");
            answer.push(byte[0]);
        }
        assert!(String::from_utf8_lossy(&answer).contains("pass"));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn scenarios_play_through_the_component() {
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/../playbooks/price_inquiry/scenarios");
    let played = run(&["test", PRICES, scenarios, "--json", "--fuel-budget", "5000000"], "");
    let document: Value = serde_json::from_slice(&played.stdout).unwrap();
    assert!(played.status.success(), "{document:#}");
    assert!(document["scenarios"].as_array().unwrap().len() >= 9, "{document:#}");
    let fuel = &document["fuel"];
    assert!(fuel["checks"].as_u64() > Some(0) && fuel["p99"].as_u64() <= fuel["max"].as_u64());

    let tight = run(&["test", PRICES, scenarios, "--fuel-budget", "10"], "");
    assert!(
        !tight.status.success() && shown(&tight).contains("the budget is 10"),
        "{}",
        shown(&tight)
    );
}

#[test]
fn every_difference_of_a_scenario_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.txt");
    let text = format!(
        "objective: Get bulk pricing for 500 steel beams\nrule: {CEILING}\nopening: tulips\nus: opening\n\
         them: It is seventy-two dollars per unit.\ncheck: Seventy-two works for us. -> pass\n\
         check: Hello. -> pass\ndata: {{\"quoted_price\": 99}}\n"
    );
    std::fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    let played = run(&["test", &component(PRICES), &file], "");
    let text = shown(&played);
    assert_eq!(played.status.code(), Some(1), "{text}");
    for part in [
        "line 3: `opening: tulips`",
        "line 6: ",
        "expected  pass",
        "withhold",
        "line 8: ",
        "quoted_price: 99",
        "0 of 1 scenarios",
    ] {
        assert!(text.contains(part), "{part:?} is missing: {text}");
    }
    assert!(!text.contains("line 7"), "{text}");
    let missing = run(&["test", &component(PRICES), "/nowhere.txt"], "");
    assert!(complaint(&missing).contains("there is no scenario /nowhere.txt"));
}

#[test]
fn a_component_is_checked() {
    for id in [PRICES, GENERAL] {
        let checked = run(&["check", id], "");
        let text = shown(&checked);
        assert!(checked.status.success(), "{text}{}", complaint(&checked));
        for part in [
            "imports",
            "world",
            "description",
            "plan",
            "extraction",
            "babble",
            "memory",
            "replay",
            "fuel",
            "passed",
        ] {
            assert!(text.contains(part), "{part:?} is missing: {text}");
        }
    }
    let document = run(&["check", &component(GENERAL), "--json"], "");
    let document: Value = serde_json::from_slice(&document.stdout).unwrap();
    assert_eq!(document["passed"], true, "{document:#}");
}

#[test]
fn what_no_server_would_take_fails_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, bytes: &[u8], what: &str, reason: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let checked = run(&["check", &file.display().to_string()], "");
        let text = shown(&checked);
        assert_eq!(checked.status.code(), Some(1), "{text}{}", complaint(&checked));
        let line = text.lines().find(|line| line.contains("FAIL")).unwrap();
        assert!(line.contains(what) && line.contains(reason), "{line}");
    };
    check("text.wasm", b"hello, I am no component", "component", "not WebAssembly");
    check("short.wasm", b"", "component", "too short");
    check("module.wasm", &wat::parse_str("(module)").unwrap(), "component", "core module");
    let empty = wat::parse_str("(component)").unwrap();
    check("empty.wasm", &empty, "world", "not a playbook");
    let imports = wat::parse_str(r#"(component (import "now" (func)))"#).unwrap();
    check("imports.wasm", &imports, "imports", "now");
    check("large.wasm", &vec![0; 9 * 1024 * 1024], "size", "at most");
}

#[test]
fn a_component_is_inspected() {
    let text = shown(&run(&["inspect", PRICES], ""));
    for part in [
        "platform.price_inquiry",
        "digest     sha256:",
        "imports",
        "exports",
        "extraction_schema",
        "fuel       plan",
        "compiled",
    ] {
        assert!(text.contains(part), "{part:?} is missing: {text}");
    }
    let facts = run(&["inspect", &component(PRICES), "--json"], "");
    let facts: Value = serde_json::from_slice(&facts.stdout).unwrap();
    assert_eq!(facts["id"], PRICES);
    assert!(
        facts["fuel"]["check"].as_u64() > Some(0) && facts["compiled_bytes"].as_u64() > Some(0)
    );
    let unknown = run(&["inspect", "platform.nonsense"], "");
    assert!(
        !unknown.status.success() && complaint(&unknown).contains(GENERAL),
        "{}",
        complaint(&unknown)
    );
}

#[test]
fn a_conversation_is_held_through_a_pipe() {
    let talked = run(
        &["talk", PRICES, "--objective", "Get a price for 500 beams", "--rule", CEILING],
        "It is seventy-two dollars per unit.\n/check Seventy-two works for us.\n/say Seventy-two it is, deal.\n\
         /nonsense\nFifty-four dollars is the best I can do.\n/end\nnot read\n",
    );
    let text = shown(&talked);
    assert!(talked.status.success(), "{text}{}", complaint(&talked));
    for part in [
        "rule 0    Never agree to price above $60/unit (deterministic: price ceiling: 60 USD per unit)",
        "   agent: ",
        "  callee: It is seventy-two dollars per unit.",
        "guidance: ",
        "withhold: rule \"Never agree",
        "withheld: \"Seventy-two it is, deal.\"",
        "there is no command /nonsense",
        "summary   ",
        "\"quoted_price\": 54",
    ] {
        assert!(text.contains(part), "{part:?} is missing: {text}");
    }
    assert!(!text.contains("not read"), "{text}");
}

#[test]
fn a_scripted_callee_answers_in_a_conversation() {
    let talked = run(&["talk", PRICES, "--scenario", "steel_supplier", "--json"], "");
    let told: Value = serde_json::from_slice(&talked.stdout).unwrap();
    assert_eq!(told["report"]["structured_data"]["quoted_price"], 54, "{told:#}");
    assert!(told["transcript"].as_array().unwrap().len() > 6, "{told:#}");
    let unknown = run(&["talk", PRICES, "--scenario", "nobody"], "");
    assert!(complaint(&unknown).contains("steel_supplier"), "{}", complaint(&unknown));
    let busy = run(&["talk", PRICES, "--scenario", "busy"], "");
    assert!(complaint(&busy).contains("nobody talks"), "{}", complaint(&busy));
}

/// A real call's log gives the same verdicts in its own playbook and others without its rule.
#[tokio::test(flavor = "multi_thread")]
async fn a_finished_call_is_replayed() {
    let server = TestServer::start().await.unwrap();
    let request = server.client.scenario("steel_supplier").await.unwrap();
    let id = server.client.call(&request).await.unwrap();
    let (call, _) = server.client.follow(&id).await.unwrap();
    assert!(!said_by(&call, "agent").is_empty(), "{call:#}");
    let (base, key) = (server.client.base.clone(), server.client.key.clone());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("call.json");
    let mut changed = call.clone();
    changed["behavior_rules"] = json!([]);
    std::fs::write(&file, changed.to_string()).unwrap();
    let file = file.display().to_string();
    let asked = id.clone();
    let ran = tokio::task::spawn_blocking(move || {
        let same = run(&["replay", &asked, "--server", &base, "--key", &key], "");
        let without = run(&["replay", &file, "--json"], "");
        let nobody = run(&["replay", &asked], "");
        (same, without, nobody)
    });
    let (same, without, nobody) = ran.await.unwrap();
    let text = shown(&same);
    assert!(same.status.success(), "{text}{}\n{call:#}", complaint(&same));
    assert!(text.contains("clauses checked, 0 differences"), "{text}");
    assert!(call["withheld"].as_array().is_some_and(|withheld| !withheld.is_empty()), "{call:#}");
    let document: Value = serde_json::from_slice(&without.stdout).unwrap();
    assert_eq!(without.status.code(), Some(1), "{document:#}");
    let withheld = document["differences"].as_array().unwrap().iter();
    let withheld = withheld.filter(|one| one["what"].as_str().unwrap().starts_with("withheld"));
    assert!(withheld.count() > 0, "{document:#}");
    assert!(complaint(&nobody).contains("AC_API_KEY"), "{}", complaint(&nobody));
    server.stop().await;
}

#[test]
fn a_new_playbook_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("florist").display().to_string();
    let made = run(&["new", "acme.florist", "--dir", &dir], "");
    assert!(made.status.success(), "{}", complaint(&made));
    for file in ["Cargo.toml", "src/lib.rs", "scenarios/price_and_date.txt", "sdk/wit/playbook.wit"]
    {
        assert!(Path::new(&dir).join(file).is_file(), "{file} is missing");
    }
    let library = std::fs::read_to_string(Path::new(&dir).join("src/lib.rs")).unwrap();
    assert!(library.contains("\"acme.florist\""), "{library}");
    let again = run(&["new", "acme.florist", "--dir", &dir], "");
    assert!(!again.status.success() && complaint(&again).contains("is there already"));
    for name in ["Florist", "../florist", "platform.florist", "a.b.c"] {
        let refused = run(&["new", name, "--dir", &format!("{dir}2")], "");
        assert!(!refused.status.success(), "{name}");
        assert!(!Path::new(&format!("{dir}2")).exists(), "{name}");
    }
}

#[test]
fn a_folder_without_a_crate_is_not_built() {
    let folder = tempfile::tempdir().unwrap();
    let built = run(&["build", &folder.path().display().to_string()], "");
    assert!(
        !built.status.success() && complaint(&built).contains("playbook new"),
        "{}",
        complaint(&built)
    );
}

#[test]
fn every_command_teaches() {
    for name in ["new", "build", "check", "test", "talk", "replay", "eval", "inspect"] {
        let help = run(&[name, "--help"], "");
        assert!(help.status.success() && shown(&help).contains("Usage: "), "{name}");
    }
}
