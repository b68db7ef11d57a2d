//! The sandbox's ear: finds lines it has learnt in what it hears. Mel-frequency cepstra and dynamic time
//! warping over a closed vocabulary; what matches no line is not understood.
//!
//! Each learnt sentence is looked for anywhere, then the sentences that explain most of what was heard
//! are put in order. So any run of lines is understood, and a line that was cut off is not.

mod align;
mod features;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use align::{Fit, Limits};
use features::{Features, HOP_SAMPLES, Vector, noisiness};

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
    features: Features,
}

impl Template {
    pub fn new(text: &str, speech_8k: &[i16]) -> Self {
        Template { text: text.trim().to_owned(), features: Features::of(speech_8k) }
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
    score: f32,
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
        let noise = heard.noise();
        let limits = Limits::over(noisiness(&noise));
        let mut hits = Vec::new();
        for template in &self.templates {
            let clean = &template.features.vectors;
            let vectors = match limits.is_clean() {
                true => Cow::Borrowed(clean),
                false => Cow::Owned(template.features.vectors_over(&noise)),
            };
            for near in places(&vectors, &heard, &limits) {
                let fit = align::align(&vectors, &heard, near, &limits);
                let fit = fit.filter(|fit| limits.admit(fit));
                hits.extend(fit.map(|fit| Hit {
                    text: &template.text,
                    fit,
                    score: limits.score(&fit),
                }));
            }
        }
        let hits = free_standing(hits, &quiet);
        let run = best_run(&hits);
        if run.is_empty() { None } else { Some(transcript(&run, &quiet)) }
    }

    fn remember(&mut self, template: Arc<Template>) {
        if template.text.is_empty() || template.features.vectors.is_empty() {
            return;
        }
        let known = |other: &Arc<Template>| {
            Arc::ptr_eq(other, &template)
                || (other.text == template.text
                    && other.features.vectors == template.features.vectors)
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
fn places(template: &[Vector], heard: &Features, limits: &Limits) -> Vec<usize> {
    let skip = PROBE_SKIP.min(template.len() / 4);
    let end = template.len().min(skip + PROBE_FRAMES);
    let probe: Vec<&Vector> = template[skip..end].iter().step_by(PROBE_STEP).collect();
    let mut likely: Vec<(f32, usize)> = Vec::new();
    for at in (0..heard.vectors.len()).step_by(PROBE_HOP) {
        if let Some(mean) = probe_mean(&probe, &heard.vectors[at..], limits.probe_mean_max) {
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
fn probe_mean(probe: &[&Vector], heard: &[Vector], mean_max: f32) -> Option<f32> {
    let limit = mean_max * probe.len() as f32;
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
        best.push((gained + hit.score, before.copied()));
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

#[cfg(test)]
mod calibration {
    use super::*;
    use crate::scenario::Scenarios;
    use crate::voice::Voices;

    #[test]
    #[ignore]
    fn stats() {
        let voices = Voices::new(&std::env::temp_dir().join("agenticcalling-test-speech")).unwrap();
        let scenarios = Scenarios::load(None).unwrap();
        let mut seed = 1u64;
        let mut unit = move || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as f64 / (1u64 << 31) as f64
        };
        let mut sentences = Vec::new();
        for scenario in scenarios.all().iter().filter(|s| !s.is_mute()) {
            for line in scenario.lines() {
                for s in voices.render(&scenario.voice, line).unwrap().sentences() {
                    sentences.push((scenario.voice.clone(), s.clone()));
                }
            }
        }
        sentences.sort_by(|a, b| (&a.0, &a.1.text).cmp(&(&b.0, &b.1.text)));
        sentences.dedup_by(|a, b| a.0 == b.0 && a.1.text == b.1.text);
        let pct = |name: &str, mut v: Vec<f32>| {
            v.sort_by(f32::total_cmp);
            if v.is_empty() {
                println!("{name}: none");
                return;
            }
            let at = |p: f64| v[((v.len() - 1) as f64 * p) as usize];
            println!(
                "{name:28} n={} min {:.2} 1% {:.2} 5% {:.2} 50% {:.2} 95% {:.2} 99% {:.2} max {:.2}",
                v.len(),
                at(0.0),
                at(0.01),
                at(0.05),
                at(0.5),
                at(0.95),
                at(0.99),
                at(1.0)
            );
        };
        for v in ["rms", "slt", "awb", "kal"] {
            let all: Vec<i16> =
                sentences.iter().filter(|s| s.0 == v).flat_map(|s| s.1.at_8k().to_vec()).collect();
            let p = all.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / all.len() as f64;
            println!("{v} rms {:.0}", p.sqrt());
        }
        for mode in ["clean", "noise", "loss0", "lossx"] {
            let (mut mean, mut worst, mut probes, mut none) = (vec![], vec![], vec![], 0);
            let mut nn = vec![];
            for (_, s) in &sentences {
                let clip = s.at_8k();
                let mut line = vec![0i16; 1637];
                line.extend(clip.iter().map(|x| {
                    audio_codec_algorithms::decode_ulaw(audio_codec_algorithms::encode_ulaw(*x))
                }));
                line.resize(line.len() + 4000, 0);
                let p = line.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / line.len() as f64;
                match mode {
                    "noise" => {
                        let a = p.sqrt() * 10f64.powf(-15.0 / 20.0);
                        for x in line.iter_mut() {
                            let n: f64 = (0..12).map(|_| unit()).sum::<f64>() - 6.0;
                            *x = (f64::from(*x) + n * a) as i16;
                        }
                    }
                    "loss0" => {
                        for c in line.chunks_mut(160) {
                            if unit() < 0.03 {
                                c.fill(0);
                            }
                        }
                    }
                    "lossx" => {
                        let mut l = vec![];
                        for c in line.chunks(160) {
                            if unit() >= 0.03 {
                                l.extend_from_slice(c);
                            }
                        }
                        line = l;
                    }
                    _ => {}
                }
                let heard = Features::of(&line);
                let noise = heard.noise();
                let limits = Limits::over(3.0 + noisiness(&noise));
                nn.push(noisiness(&noise));
                let t = s.template();
                let tv = t.features.vectors_over(&noise);
                let near = 1637 / 80;
                let skip = PROBE_SKIP.min(t.features.vectors.len() / 4);
                let end = t.features.vectors.len().min(skip + PROBE_FRAMES);
                let probe: Vec<&Vector> = tv[skip..end].iter().step_by(PROBE_STEP).collect();
                let best = (near + skip - 6..near + skip + 6)
                    .filter(|a| a % 2 == 0)
                    .filter_map(|a| probe_mean(&probe, &heard.vectors[a..], 99.0))
                    .fold(9.0, f32::min);
                probes.push(best);
                match align::align(&tv, &heard, near, &limits) {
                    Some(f) => {
                        mean.push(f.mean);
                        worst.push(f.worst);
                    }
                    None => none += 1,
                }
            }
            println!("--- {mode}: none {none}");
            pct("probe", probes);
            pct("mean", mean);
            pct("worst", worst);
            pct("noisiness", nn);
        }
        for noisy in [false, true] {
            let (mut mean, mut worst, mut ratio, mut probes) = (vec![], vec![], vec![], vec![]);
            let mut tight = vec![];
            for (i, (v, s)) in sentences.iter().enumerate() {
                for (w, o) in sentences.iter().skip(i % 7).step_by(7) {
                    if v != w
                        || s.text == o.text
                        || o.text.contains(s.text.trim_end_matches(['.', '?']))
                    {
                        continue;
                    }
                    let mut line = vec![0i16; 1637];
                    line.extend(o.at_8k().iter());
                    line.resize(line.len() + 4000, 0);
                    if noisy {
                        let p = line.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>()
                            / line.len() as f64;
                        let a = p.sqrt() * 10f64.powf(-15.0 / 20.0);
                        for x in line.iter_mut() {
                            let n: f64 = (0..12).map(|_| unit()).sum::<f64>() - 6.0;
                            *x = (f64::from(*x) + n * a) as i16;
                        }
                    }
                    let heard = Features::of(&line);
                    let noise = heard.noise();
                    let limits = Limits::over(3.0 + noisiness(&noise));
                    let t = s.template();
                    let tv = t.features.vectors_over(&noise);
                    let skip = PROBE_SKIP.min(t.features.vectors.len() / 4);
                    let end = t.features.vectors.len().min(skip + PROBE_FRAMES);
                    let probe: Vec<&Vector> = tv[skip..end].iter().step_by(PROBE_STEP).collect();
                    let best = (0..heard.vectors.len())
                        .step_by(2)
                        .filter_map(|a| probe_mean(&probe, &heard.vectors[a..], 99.0))
                        .fold(9.0, f32::min);
                    probes.push(best);
                    for near in places(&tv, &heard, &limits) {
                        if let Some(f) = align::align(&tv, &heard, near, &limits) {
                            mean.push(f.mean);
                            worst.push(f.worst);
                            ratio.push(t.features.vectors.len() as f32);
                            tight.push((f.mean, f.worst, s.text.clone(), o.text.clone()));
                        }
                    }
                }
            }
            println!("--- foreign");
            pct("probe", probes);
            pct("mean", mean);
            pct("worst", worst);
            tight.sort_by(|a, b| a.1.total_cmp(&b.1));
            for t in tight.iter().take(12) {
                println!("{t:?}");
            }
        }
    }
}
