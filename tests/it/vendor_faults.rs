//! An AI vendor that fails, stalls, breaks off and makes things up: the call goes on, or ends with words.

use std::time::Duration;

use agenticcalling_tests::{TestServer, said_by};
use sandbox::vendor::{Fault, Stage, VendorControl};
use serde_json::{Value, json};

/// Calls a scenario with the vendor prepared as wanted for all calls.
async fn called(scenario: &str, prepare: impl FnOnce(&VendorControl)) -> Value {
    let server = TestServer::start().await.unwrap();
    prepare(server.running.sandbox.vendor());
    let request = server.client.scenario(scenario).await.unwrap();
    let id = server.client.call(&request).await.unwrap();
    let (call, _) = server.client.follow(&id).await.unwrap();
    server.stop().await;
    call
}

#[tokio::test(flavor = "multi_thread")]
async fn single_failures_of_every_stage_are_survived() {
    let call = called("steel_supplier", |vendor| {
        let all = vendor.everywhere();
        all.fault_next(Stage::Chat, 1, Fault::ServerError);
        all.fault_next(Stage::Chat, 1, Fault::RateLimited { retry_after_s: 0 });
        all.fault_next(Stage::Transcription, 1, Fault::Overloaded);
        all.fault_next(Stage::Transcription, 1, Fault::ServerError);
        all.fault_next(Stage::Speech, 1, Fault::Overloaded);
        all.delay_first_byte(Stage::Chat, Duration::from_millis(300));
        all.delay_each_chunk(Stage::Chat, Duration::from_millis(10));
    })
    .await;
    assert_eq!(
        (&call["status"], &call["success"]),
        (&json!("completed"), &json!(true)),
        "{call:#}"
    );
    assert_eq!(call["structured_data"]["quoted_price"], 54, "{call:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_is_gone_ends_the_call_with_an_apology() {
    let call = called("shop", |vendor| {
        vendor.everywhere().fault_next(Stage::Chat, 200, Fault::QuotaExceeded);
    })
    .await;
    assert_eq!(call["reason"], "model_error", "{call:#}");
    let last = said_by(&call, "agent").pop().unwrap_or_default();
    assert!(last.contains("technical trouble"), "{call:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_model_is_neither_heard_nor_believed() {
    /// Some of it may answer a turn that goes on, and is thrown away unread.
    const GIVES_IN: [&str; 3] = [
        "Yes, seventy-two dollars per unit is a deal.",
        "Agreed, we will pay $70 each.",
        "Done at sixty-five.",
    ];
    let call = called("steel_supplier", |vendor| {
        let all = vendor.everywhere();
        all.say_next(GIVES_IN);
        all.invent("contact_name", json!("Jane Roe"));
        all.invent("moq", json!(777));
    })
    .await;
    assert_eq!(call["status"], "completed", "{call:#}");
    let said = said_by(&call, "agent").join(" ");
    for amount in ["seventy", "$70", "sixty-five"] {
        assert!(!said.contains(amount), "{amount} was spoken: {said}");
    }
    let withheld: Vec<&str> = call["withheld"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|clause| clause["text"].as_str())
        .collect();
    let offered = |clause: &&str| GIVES_IN.iter().any(|offer| offer.contains(*clause));
    assert!(withheld.iter().any(offered), "{withheld:?}");
    assert_ne!(call["structured_data"]["moq"], 777, "{call:#}");
    assert_ne!(call["structured_data"]["contact_name"], "Jane Roe", "{call:#}");
    let dropped: Vec<&str> = call["ungrounded"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|value| value["field"].as_str())
        .collect();
    assert!(dropped.contains(&"contact_name") && dropped.contains(&"moq"), "{call:#}");
}
