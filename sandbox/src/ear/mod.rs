//! The sandbox's ear: finds lines it has learnt in what it hears. Mel-frequency cepstra and dynamic time
//! warping over a closed vocabulary; what matches no line is not understood.
//!
//! Each learnt sentence is looked for anywhere, then the sentences that explain most of what was heard
//! are put in order. So any run of lines is understood, and a line that was cut off is not.

mod align;
mod features;

use std::collections::VecDeque;
use std::sync::Arc;

use align::Fit;
use features::{Features, HOP_SAMPLES, Vector};

use crate::voice::Speech;

/// Stands for speech that was heard but matches no line, between lines that do.
pub const UNRECOGNISED: &str = "[unrecognised]";
/// Sentences one side of one call can be understood by; the oldest are forgotten first.
pub const TEMPLATES_MAX: usize = 512;
/// Of one utterance this much is listened to.
pub const HEARD_MS_MAX: usize = 90_000;
/// Sentences understood in one utterance.
pub const RUN_SENTENCES_MAX: usize = 64;

const FRAME_MS: usize = 10;
/// The first look at a template uses every fourth frame of 640 ms, after a start that may be missing.
const PROBE_STEP: usize = 4;
const PROBE_FRAMES: usize = 64;
const PROBE_SKIP: usize = 12;
/// … at every second frame of what was heard.
const PROBE_HOP: usize = 2;
const PROBE_MEAN_MAX: f32 = 4.2;
/// Places looked at closely for each template, the best first.
const PLACES_MAX: usize = 3;
/// Two places closer than this are one.
const PLACES_APART: usize = 15;
/// Sentences may overlap so much where they meet.
const OVERLAP_MAX: usize = 6;
/// A sentence shorter than this must stand free: between pauses or other sentences.
const SHORT_FRAMES: usize = 90;
/// Within so many frames of its ends.
const FREE_WITHIN: usize = 16;
const FREE_QUIET_MIN: usize = 5;
/// So much speech that no line explains is told of.
const GAP_LOUD_MIN: usize = 40;
/// The quietest tenth of what was heard, times this, still counts as quiet.
const QUIET_OVER_FLOOR: f32 = 4.0;
/// Mean square below which nobody speaks, whatever the rest is like.
const QUIET_POWER_MIN: f32 = 2500.0;

/// One sentence to listen for.
pub struct Template {
    text: String,
    vectors: Vec<Vector>,
}

impl Template {
    pub fn new(text: &str, speech_8k: &[i16]) -> Self {
        Template { text: text.trim().to_owned(), vectors: Features::of(speech_8k).vectors }
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The vocabulary of one side of one call.
#[derive(Default)]
pub struct Ear {
    templates: VecDeque<Arc<Template>>,
}

/// A learnt sentence found in what was heard.
struct Hit<'a> {
    text: &'a str,
    fit: Fit,
}

impl Ear {
    /// Learns a text as one sentence.
    pub fn learn(&mut self, text: &str, speech_8k: &[i16]) {
        self.remember(Arc::new(Template::new(text, speech_8k)));
    }

    /// Learns every sentence of a rendered text; templates are shared with everyone who learns it.
    pub fn learn_speech(&mut self, speech: &Speech) {
        for sentence in speech.sentences() {
            self.remember(sentence.template());
        }
    }

    pub fn is_empty(&self) -> bool {
        self.templates.is_empty()
    }

    /// The learnt sentences in these samples, in order; `[unrecognised]` where there was other speech
    /// between them. `None` if there is none.
    pub fn recognise(&self, samples_8k: &[i16]) -> Option<String> {
        let samples_max = HEARD_MS_MAX / FRAME_MS * HOP_SAMPLES;
        let heard = Features::of(&samples_8k[..samples_8k.len().min(samples_max)]);
        let quiet = Quiet::of(&heard);
        let mut hits = Vec::new();
        for template in &self.templates {
            for near in places(&template.vectors, &heard) {
                let fit = align::align(&template.vectors, &heard, near).filter(Fit::is_match);
                hits.extend(fit.map(|fit| Hit { text: &template.text, fit }));
            }
        }
        let hits = free_standing(hits, &quiet);
        let run = best_run(&hits);
        if run.is_empty() { None } else { Some(transcript(&run, &quiet)) }
    }

    fn remember(&mut self, template: Arc<Template>) {
        if template.text.is_empty() || template.vectors.is_empty() {
            return;
        }
        let known = |other: &Arc<Template>| {
            Arc::ptr_eq(other, &template)
                || (other.text == template.text && other.vectors == template.vectors)
        };
        if self.templates.iter().any(known) {
            return;
        }
        if self.templates.len() == TEMPLATES_MAX {
            self.templates.pop_front();
        }
        self.templates.push_back(template);
    }
}

/// Frames of what was heard at which this template may start, the likeliest first.
fn places(template: &[Vector], heard: &Features) -> Vec<usize> {
    let skip = PROBE_SKIP.min(template.len() / 4);
    let end = template.len().min(skip + PROBE_FRAMES);
    let probe: Vec<&Vector> = template[skip..end].iter().step_by(PROBE_STEP).collect();
    let mut likely: Vec<(f32, usize)> = Vec::new();
    for at in (0..heard.vectors.len()).step_by(PROBE_HOP) {
        if let Some(mean) = probe_mean(&probe, &heard.vectors[at..]) {
            likely.push((mean, at.saturating_sub(skip)));
        }
    }
    likely.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut places: Vec<usize> = Vec::new();
    for (_, at) in likely {
        if places.iter().all(|place| place.abs_diff(at) >= PLACES_APART) {
            places.push(at);
        }
        if places.len() == PLACES_MAX {
            break;
        }
    }
    places
}

/// How far the probe is from what was heard here; `None` as soon as it is too far.
fn probe_mean(probe: &[&Vector], heard: &[Vector]) -> Option<f32> {
    let limit = PROBE_MEAN_MAX * probe.len() as f32;
    let mut sum = 0.0;
    for (n, vector) in probe.iter().enumerate() {
        sum += vector.distance(heard.get(n * PROBE_STEP)?);
        if sum > limit {
            return None;
        }
    }
    Some(sum / probe.len() as f32)
}

/// Which frames are pauses.
struct Quiet {
    quiet: Vec<bool>,
}

impl Quiet {
    fn of(heard: &Features) -> Self {
        let mut sorted = heard.powers.clone();
        sorted.sort_by(f32::total_cmp);
        let floor = sorted.get(sorted.len() / 10).copied().unwrap_or(0.0);
        let threshold = (floor * QUIET_OVER_FLOOR).max(QUIET_POWER_MIN);
        Quiet { quiet: heard.powers.iter().map(|power| *power <= threshold).collect() }
    }

    fn loud(&self, from: usize, to: usize) -> usize {
        let to = to.min(self.quiet.len());
        if from >= to { 0 } else { self.quiet[from..to].iter().filter(|quiet| !**quiet).count() }
    }

    /// A pause lies within these frames, or they reach past the end.
    fn pauses(&self, from: usize, to: usize) -> bool {
        let length = self.quiet.len();
        to > length || (to - from).saturating_sub(self.loud(from, to)) >= FREE_QUIET_MIN
    }
}

/// Drops short sentences that were found within other speech.
fn free_standing<'a>(hits: Vec<Hit<'a>>, quiet: &Quiet) -> Vec<Hit<'a>> {
    let free = |hit: &Hit| {
        let Fit { start, end, .. } = hit.fit;
        let meets = |edge: usize, of: fn(&Fit) -> usize| {
            hits.iter().any(|other| of(&other.fit).abs_diff(edge) <= FREE_WITHIN)
        };
        let before = start < FREE_WITHIN
            || quiet.pauses(start - FREE_WITHIN, start)
            || meets(start, |fit| fit.end);
        let after = quiet.pauses(end, end + FREE_WITHIN) || meets(end, |fit| fit.start);
        end - start >= SHORT_FRAMES || (before && after)
    };
    let kept: Vec<bool> = hits.iter().map(free).collect();
    let pairs = hits.into_iter().zip(kept);
    pairs.filter(|(_, free)| *free).map(|(hit, _)| hit).collect()
}

/// The hits, one after the other, that together explain most.
fn best_run<'h, 'a>(hits: &'h [Hit<'a>]) -> Vec<&'h Hit<'a>> {
    let mut ordered: Vec<&Hit> = hits.iter().collect();
    ordered.sort_by_key(|hit| (hit.fit.end, hit.fit.start));
    let mut best: Vec<(f32, Option<usize>)> = Vec::with_capacity(ordered.len());
    for (n, hit) in ordered.iter().enumerate() {
        let follows = |other: &&usize| ordered[**other].fit.end <= hit.fit.start + OVERLAP_MAX;
        let earlier: Vec<usize> = (0..n).collect();
        let before =
            earlier.iter().filter(follows).max_by(|a, b| best[**a].0.total_cmp(&best[**b].0));
        let gained = before.map_or(0.0, |before| best[*before].0);
        best.push((gained + hit.fit.score(), before.copied()));
    }
    let scores = best.iter().enumerate();
    let mut at = scores.max_by(|a, b| a.1.0.total_cmp(&b.1.0)).map(|(n, _)| n);
    let mut run = Vec::new();
    while let Some(n) = at {
        run.push(ordered[n]);
        at = best[n].1;
    }
    run.reverse();
    run.truncate(RUN_SENTENCES_MAX);
    run
}

fn transcript(run: &[&Hit], quiet: &Quiet) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let mut heard_to = 0;
    for hit in run {
        if quiet.loud(heard_to, hit.fit.start) >= GAP_LOUD_MIN {
            parts.push(UNRECOGNISED);
        }
        parts.push(hit.text);
        heard_to = hit.fit.end;
    }
    if quiet.loud(heard_to, quiet.quiet.len()) >= GAP_LOUD_MIN {
        parts.push(UNRECOGNISED);
    }
    parts.join(" ")
}
