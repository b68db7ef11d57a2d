use super::*;

fn voices(cache: &tempfile::TempDir) -> Voices {
    Voices::new(cache.path()).unwrap()
}

#[test]
fn every_voice_speaks_the_same_samples_every_time() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for voice in VOICES {
        let first = voices(&one).render(voice, "Good morning. It's $5.").unwrap();
        let again = voices(&one).render(voice, "Good morning. It's $5.").unwrap();
        let elsewhere = voices(&two).render(voice, "Good morning. It's $5.").unwrap();
        assert_eq!(first.samples, again.samples, "{voice} from disk");
        assert_eq!(first.samples, elsewhere.samples, "{voice} made anew");
        assert_eq!(first.sentences().len(), 2);
        let seconds = first.at_8k().len() as f64 / 8000.0;
        assert!((1.0..4.0).contains(&seconds), "{voice}: {seconds} s");
        let ratio = first.at_24k().len() as f64 / first.at_8k().len() as f64;
        assert!((2.99..3.01).contains(&ratio), "{voice}: {ratio}");
    }
}

#[test]
fn a_sentence_sounds_the_same_in_every_text() {
    let cache = tempfile::tempdir().unwrap();
    let voices = voices(&cache);
    let alone = voices.render("kal", "Goodbye.").unwrap();
    let within = voices.render("kal", "Thank you. Goodbye.").unwrap();
    assert!(within.at_8k().ends_with(&alone.at_8k()));
}

#[test]
fn what_cannot_be_spoken_is_refused_or_silent() {
    let cache = tempfile::tempdir().unwrap();
    let voices = voices(&cache);
    let error =
        |voice: &str, text: &str| format!("{:#}", voices.render(voice, text).err().unwrap());
    assert!(error("bob", "Hello.").contains("use one of rms, slt, kal, awb"));
    assert!(error("rms", " ").contains("nothing to speak"));
    assert!(error("rms", &"a".repeat(TEXT_CHARS_MAX + 1)).contains("too long"));
    let silent = voices.render("rms", "你好").unwrap();
    assert!(silent.samples.iter().all(|&sample| sample == 0));
    voices.render("kal", "-o /etc/passwd; $(touch x) `x` 'y' --help").unwrap();
}

#[test]
fn a_broken_file_in_the_cache_is_made_anew() {
    let cache = tempfile::tempdir().unwrap();
    let before = voices(&cache).render("kal", "Hello.").unwrap();
    let file = std::fs::read_dir(cache.path()).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, b"RIFF").unwrap();
    assert_eq!(voices(&cache).render("kal", "Hello.").unwrap().samples, before.samples);
}

#[test]
fn many_callers_at_once_get_one_rendering() {
    let cache = tempfile::tempdir().unwrap();
    let voices = voices(&cache);
    let speech: Vec<_> = std::thread::scope(|scope| {
        let speak = || voices.render("kal", "All at once.").unwrap();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(speak)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(
        speech.iter().all(|other| Arc::ptr_eq(&other.sentences()[0], &speech[0].sentences()[0]))
    );
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 1);
}

#[test]
fn memory_forgets_the_oldest() {
    let mut memory = Memory::default();
    for number in 0..40 {
        let key = ("rms", number.to_string());
        memory.slots.entry(key.clone()).or_default();
        memory.remember(key, MEMORY_SAMPLES_MAX / 10);
    }
    assert!(memory.samples <= MEMORY_SAMPLES_MAX && memory.slots.len() <= 10);
    assert!(memory.slots.contains_key(&("rms", "39".to_owned())));
}
