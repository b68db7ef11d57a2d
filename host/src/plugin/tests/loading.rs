//! What is loaded and what is refused.

use std::fs;

use super::*;

fn load(bytes: &[u8]) -> LoadError {
    match BENCH.plugins.load(bytes) {
        Ok(playbook) => panic!("{} was loaded", playbook.id()),
        Err(error) => error,
    }
}

fn load_text(text: &str) -> LoadError {
    load(&wat::parse_str(text).unwrap())
}

#[test]
fn any_import_at_all_is_refused_by_name() {
    let check = |text: &str, name: &str| {
        let error = load_text(text);
        assert!(matches!(&error, LoadError::Imports(_)), "{text}: {error}");
        assert!(error.to_string().contains(name), "{error}");
    };
    check(r#"(component (import "log" (func)))"#, "log");
    check(
        r#"(component (import "wasi:clocks/monotonic-clock@0.2.0"
            (instance (export "now" (func (result u64))))))"#,
        "wasi:clocks/monotonic-clock@0.2.0#now",
    );
    check(
        r#"(component (import "agenticcalling:playbook/types@1.0.0"
            (instance (export "sneak" (func)))))"#,
        "types@1.0.0#sneak",
    );
    check(
        r#"(component (import "a:b/c"
            (instance (export "inner" (instance (export "deep" (func)))))))"#,
        "inner",
    );
    check(r#"(component (import "file" (type (sub resource))))"#, "file");
    check(r#"(component (import "code" (core module)))"#, "code");
}

#[test]
fn another_world_is_refused() {
    let check = |text: &str| {
        let error = load_text(text);
        assert!(matches!(&error, LoadError::WrongWorld(_)), "{text}: {error}");
    };
    check("(component)");
    check(
        r#"(component (instance $i) (export "agenticcalling:playbook/about@1.0.0" (instance $i)))"#,
    );
    check(
        r#"(component
            (core module $m (func (export "describe")))
            (core instance $c (instantiate $m))
            (func $describe (canon lift (core func $c "describe")))
            (instance $i (export "describe" (func $describe)))
            (export "agenticcalling:playbook/about@1.0.0" (instance $i)))"#,
    );
}

#[test]
fn what_is_no_component_is_refused() {
    let check = |bytes: &[u8], expected: &str| {
        let error = load(bytes);
        assert!(matches!(&error, LoadError::NotAComponent(_)), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(b"", "too short");
    check(b"\0as", "too short");
    check(b"#!/bin/sh\n", "not WebAssembly");
    check(&wat::parse_str("(module)").unwrap(), "core module");
    check(b"\0asm\x0d\0\x01\0garbage follows", "");
}

#[test]
fn truncated_components_are_refused_at_every_length() {
    let whole = hostile_component();
    for step in 0..64 {
        load(&whole[..whole.len() * step / 64]);
    }
    load(&whole[..whole.len() - 1]);
}

#[test]
fn random_bytes_never_do_harm() {
    let whole = hostile_component();
    let mut seed = 11u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    for length in [9, 100, 5_000] {
        let mut noise: Vec<u8> = (0..length).map(|_| random(256) as u8).collect();
        noise[..8].copy_from_slice(&whole[..8]);
        load(&noise);
    }
    let mut crooked = 0;
    let cache = tempfile::tempdir().unwrap();
    let plugins = Plugins::new(Limits::default(), cache.path()).unwrap();
    for _ in 0..6 {
        let mut bytes = whole.clone();
        let at = random(bytes.len());
        bytes[at] ^= 1 << random(8);
        // A flipped bit may well leave a playbook; then it must still be contained.
        let Ok(playbook) = plugins.load(&bytes) else { continue };
        crooked += 1;
        if let Ok(mut instance) = playbook.begin(&brief("nothing")) {
            let _ = instance.plan();
            let _ = instance.check(&clause("hello"));
        }
    }
    println!("{crooked} of 6 flipped components still load");
}

#[test]
fn sizes_above_the_limits_are_refused() {
    let cache = tempfile::tempdir().unwrap();
    let limits = Limits { component_bytes_max: 1_000, ..Limits::default() };
    let plugins = Plugins::new(limits, cache.path()).unwrap();
    let error = plugins.load(&hostile_component()).err().unwrap();
    assert!(matches!(error, LoadError::TooLarge { bytes_max: 1_000, .. }), "{error}");

    let error =
        load_text(r#"(component (core module $m (memory 1000)) (core instance (instantiate $m)))"#);
    assert!(matches!(error, LoadError::AboveLimits(_)), "{error}");
    let error = load_text(
        r#"(component (core module $m (table 100000 funcref)) (core instance (instantiate $m)))"#,
    );
    assert!(matches!(error, LoadError::AboveLimits(_)), "{error}");
}

#[test]
fn a_folder_needs_the_general_playbook() {
    let cache = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let plugins = Plugins::new(Limits::default(), cache.path()).unwrap();
    fs::write(folder.path().join("a.wasm"), hostile_component()).unwrap();
    fs::write(folder.path().join("note.txt"), "not a playbook").unwrap();
    let error = plugins.load_dir(folder.path()).err().unwrap().to_string();
    assert!(error.contains(GENERAL), "{error}");
    fs::write(folder.path().join("b.wasm"), general_component()).unwrap();
    assert_eq!(plugins.load_dir(folder.path()).unwrap().len(), 2);
    fs::write(folder.path().join("c.wasm"), "not a component").unwrap();
    let error = format!("{:#}", plugins.load_dir(folder.path()).err().unwrap());
    assert!(error.contains("c.wasm") && error.contains("not WebAssembly"), "{error}");
}
