//! Does this template lie here? Dynamic time warping in a narrow band: the line was rendered by us, so
//! it comes back at its own speed, but packets may be missing and gaps may have been put in.

use super::features::{DISTANCE_MAX, Features, Vector};

/// How far the alignment may drift over one sentence, in frames: 200 ms.
const BAND: usize = 20;
const WIDTH: usize = 2 * BAND + 1;
/// Leaving the diagonal costs this beside the distance.
const STEP_PENALTY: f32 = 1.5;
/// Skipping a frame in which nothing was heard costs this.
const SILENCE_PENALTY: f32 = 1.0;
/// A template's start may be missing, for voice activity is noticed late: 160 ms.
const HEAD_MISSING_MAX: usize = 16;
/// Of its end less: endings carry meaning. 80 ms.
const TAIL_MISSING_MAX: usize = 8;
const LOCAL_FRAMES: usize = 24;
const EARLY_FRAMES: usize = 40;
/// Noise less than this changes nothing.
const NOISINESS_MIN: f32 = 0.05;

/// How far what was heard may be from a template; over noise everything is farther.
pub(crate) struct Limits {
    noisiness: f32,
    /// At the first look.
    pub(crate) probe_mean_max: f32,
    /// Over a whole sentence.
    mean_max: f32,
    /// Over any stretch of 240 ms: one wrong word is enough to refuse a sentence.
    local_mean_max: f32,
    /// Over the first 400 ms, to give up early.
    early_mean_max: f32,
}

impl Limits {
    pub(crate) fn over(noisiness: f32) -> Self {
        let slack = 0.15 * noisiness;
        Limits {
            noisiness,
            probe_mean_max: 2.0 + slack,
            mean_max: 1.0 + slack,
            local_mean_max: 1.4 + slack,
            early_mean_max: 1.5 + slack,
        }
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.noisiness < NOISINESS_MIN
    }

    pub(crate) fn admit(&self, fit: &Fit) -> bool {
        fit.mean <= self.mean_max && fit.worst <= self.local_mean_max
    }

    /// How much a fit explains: long and close is best.
    pub(crate) fn score(&self, fit: &Fit) -> f32 {
        (fit.end - fit.start) as f32 * (self.mean_max * 1.2 - fit.mean)
    }
}

/// Where a template was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fit {
    pub(crate) start: usize,
    /// Exclusive.
    pub(crate) end: usize,
    pub(crate) mean: f32,
    pub(crate) worst: f32,
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Begin,
    Both,
    /// The template moves on while what was heard stands: a packet was lost.
    Template,
    /// What was heard moves on: something was put in.
    Heard,
}

/// The best alignment of the template near this frame of what was heard.
pub(crate) fn align(
    template: &[Vector],
    heard: &Features,
    near: usize,
    limits: &Limits,
) -> Option<Fit> {
    let missing_cost = limits.mean_max;
    let mut grid = Grid { near, missing_cost, rows: Vec::with_capacity(template.len()) };
    let head_missing_max = HEAD_MISSING_MAX.min(template.len() / 4);
    for (row, vector) in template.iter().enumerate() {
        let may_begin = (row <= head_missing_max).then_some(row as f32 * missing_cost);
        grid.add_row(vector, heard, may_begin);
        let best = grid.rows[row].best();
        let hopeless =
            row + 1 == EARLY_FRAMES && best > limits.early_mean_max * EARLY_FRAMES as f32;
        if hopeless {
            return None;
        }
        if best.is_infinite() {
            break;
        }
    }
    grid.best_end(template.len()).map(|(row, column)| grid.trace(row, column))
}

/// Costs of every cell in the band. Column `c` of row `r` is frame `near + r + c - BAND` of what was
/// heard.
struct Grid {
    near: usize,
    /// Of a frame of the template before or after what was heard.
    missing_cost: f32,
    rows: Vec<Row>,
}

struct Row {
    costs: [f32; WIDTH],
    distances: [f32; WIDTH],
    steps: [Step; WIDTH],
}

impl Row {
    fn best(&self) -> f32 {
        self.costs.iter().copied().fold(f32::INFINITY, f32::min)
    }
}

impl Grid {
    fn heard_at(&self, row: usize, column: usize) -> Option<usize> {
        (self.near + row + column).checked_sub(BAND)
    }

    fn add_row(&mut self, vector: &Vector, heard: &Features, may_begin: Option<f32>) {
        let index = self.rows.len();
        let mut row = Row {
            costs: [f32::INFINITY; WIDTH],
            distances: [DISTANCE_MAX; WIDTH],
            steps: [Step::Begin; WIDTH],
        };
        let nothing = [f32::INFINITY; WIDTH];
        let before = self.rows.last().map_or(&nothing, |row| &row.costs);
        for column in 0..WIDTH {
            let at = self.heard_at(index, column);
            let Some(at) = at.filter(|at| *at < heard.vectors.len()) else { continue };
            let distance = vector.distance(&heard.vectors[at]);
            let (mut cost, mut step) = (before[column] + distance, Step::Both);
            if let Some(begun) = may_begin
                && begun + distance < cost
            {
                (cost, step) = (begun + distance, Step::Begin);
            }
            if column + 1 < WIDTH && before[column + 1] + STEP_PENALTY + distance < cost {
                (cost, step) = (before[column + 1] + STEP_PENALTY + distance, Step::Template);
            }
            if column > 0 {
                let put_in =
                    if heard.is_silent(at) { SILENCE_PENALTY } else { STEP_PENALTY + distance };
                if row.costs[column - 1] + put_in < cost {
                    (cost, step) = (row.costs[column - 1] + put_in, Step::Heard);
                }
            }
            row.costs[column] = cost;
            row.distances[column] = distance;
            row.steps[column] = step;
        }
        self.rows.push(row);
    }

    /// The cheapest cell of the last rows; a missing end costs as a missing start does.
    fn best_end(&self, rows_whole: usize) -> Option<(usize, usize)> {
        let tail_missing_max = TAIL_MISSING_MAX.min(rows_whole / 4);
        let mut best = None;
        let mut cost_best = f32::INFINITY;
        for row in rows_whole.saturating_sub(1 + tail_missing_max)..self.rows.len() {
            let missing = (rows_whole - 1 - row) as f32 * self.missing_cost;
            for (column, cost) in self.rows[row].costs.iter().enumerate() {
                if cost + missing < cost_best {
                    cost_best = cost + missing;
                    best = Some((row, column));
                }
            }
        }
        best
    }

    fn trace(&self, last_row: usize, last_column: usize) -> Fit {
        let (mut row, mut column) = (last_row, last_column);
        let mut distances = vec![f32::INFINITY; last_row + 1];
        loop {
            let cells = &self.rows[row];
            distances[row] = distances[row].min(cells.distances[column]);
            match cells.steps[column] {
                Step::Begin => break,
                Step::Both => row -= 1,
                Step::Template => (row, column) = (row - 1, column + 1),
                Step::Heard => column -= 1,
            }
        }
        let matched = &distances[row..];
        let mean = matched.iter().sum::<f32>() / matched.len() as f32;
        let window = LOCAL_FRAMES.min(matched.len());
        let stretch = |stretch: &[f32]| stretch.iter().sum::<f32>() / window as f32;
        let worst = matched.windows(window).map(stretch).fold(0.0, f32::max);
        let start = self.heard_at(row, column).unwrap_or(0);
        let end = self.heard_at(last_row, last_column).unwrap_or(0) + 1;
        Fit { start, end, mean, worst }
    }
}
