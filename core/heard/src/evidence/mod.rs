//! Reads a schema's fields by evidence: what each is about, against every question, answer and remark.
//!
//! The readers of `fields` know what certain fields are called and how they are asked for. What is here knows no
//! field: a field's words and those of the talk are held together by what they mean, in any of the four
//! languages, and fields that could have the same value compete for it. What no evidence supports stays out.

mod amount;
mod choice;
mod lexicon;
mod list;
mod moment;
mod polar;
mod profile;
mod quote;
mod scene;
mod who;

use serde_json::{Map, Value as Json};

use crate::fields::{email, number, phone};
use crate::ground::fit;
use crate::role::Role;
use crate::schema::{Field, FieldType, Schema};
use crate::talk::Talk;
use profile::{Profile, Want};
use scene::Scene;

/// Whether a field is read here first: one that no other reader knows by its name.
pub(crate) fn reads(field: &Field) -> bool {
    let known = match field.role {
        Role::Other => false,
        // Either side says how many come, and changes it.
        Role::Quantity | Role::Price => profile::is_general(field),
        _ => field.format != "date-time",
    };
    !known || matches!(field.kind, FieldType::Object(_))
}

/// Adds to `data` what it lacks and the talk tells.
pub(crate) fn fill(schema: &Schema, talk: &Talk, data: &mut Map<String, Json>) {
    let mut leaves = Vec::new();
    leaves_of(&schema.fields, &mut Vec::new(), &mut leaves);
    if leaves.iter().all(|leaf| at_path(data, &leaf.path).is_some()) {
        return;
    }
    let scene = Scene::of(talk, leaves.len());
    let profiles: Vec<Profile> = leaves
        .iter()
        .map(|leaf| Profile::of(leaf.field, &leaf.path[..leaf.path.len() - 1]))
        .collect();
    let amounts = amount::amounts(&scene);
    let said = moment::said(&scene);
    let scores = profiles.iter().map(|field| amount::scores(&scene, &amounts, field)).collect();
    let reading = Reading { talk, scene, profiles, amounts, said, scores };
    for (place, leaf) in leaves.iter().enumerate() {
        if at_path(data, &leaf.path).is_none()
            && let Some(value) = reading.value(place)
        {
            put(data, &leaf.path, value);
        }
    }
    left_overs(&reading, &leaves, data);
}

/// A talk and the fields that are read from it.
struct Reading<'t, 's> {
    talk: &'t Talk,
    scene: Scene<'t>,
    profiles: Vec<Profile<'s>>,
    amounts: Vec<amount::Amount>,
    said: Vec<moment::Said>,
    /// For each field, how well each amount fits it.
    scores: Vec<Vec<Option<f32>>>,
}

impl Reading<'_, '_> {
    /// The value of a field, by its place.
    fn value(&self, place: usize) -> Option<Json> {
        let field = &self.profiles[place];
        let (scene, said, profiles) = (&self.scene, &self.said, &self.profiles);
        let rivals: Vec<&Profile> = self.rivals(place).map(|other| &profiles[other]).collect();
        let value = match field.want {
            Want::YesNo => polar::yes_no(scene, field, &rivals).map(Json::from),
            Want::Money
            | Want::Count
            | Want::Span(_)
            | Want::Percent
            | Want::Score
            | Want::Year
            | Want::Number => self.number(place).map(number),
            Want::Date => moment::date(scene, said, field, &rivals).map(Json::from),
            Want::Clock => moment::clock(scene, said, field, &rivals).map(Json::from),
            Want::Moment => moment::moment(scene, said, field, &rivals).map(Json::from),
            Want::Email => email(self.talk).map(Json::from),
            Want::Phone => phone(self.talk).map(Json::from),
            Want::Code => who::code(scene, field, &rivals).map(Json::from),
            Want::Person => who::person(scene, field).map(Json::from),
            Want::Choice => choice::choice(scene, field, profiles).map(Json::from),
            Want::Items => return list::items(scene, field, profiles),
            Want::Text => quote::text(scene, field, profiles).map(Json::from),
            Want::Nothing => None,
        };
        value.and_then(|value| fit(&field.field.kind, value))
    }

    fn number(&self, place: usize) -> Option<f64> {
        let field = &self.profiles[place];
        let claims: Vec<&[Option<f32>]> =
            self.rivals(place).map(|other| self.scores[other].as_slice()).collect();
        amount::number(&self.scene, &self.amounts, field, &self.scores[place], &claims)
            .or_else(|| amount::is_free(&self.scene, field).then_some(0.0))
    }

    /// The fields that compete with one.
    fn rivals(&self, place: usize) -> impl Iterator<Item = usize> {
        let want = self.profiles[place].want;
        let others = self.profiles.iter().enumerate();
        others
            .filter(move |(other, profile)| *other != place && compete(want, profile.want))
            .map(|(other, _)| other)
    }
}

/// What was asked for and answered in numbers goes to the one field that still wants such a number.
fn left_overs(reading: &Reading, leaves: &[Leaf], data: &mut Map<String, Json>) {
    for (place, (leaf, field)) in leaves.iter().zip(&reading.profiles).enumerate() {
        if at_path(data, &leaf.path).is_some() {
            continue;
        }
        let mut others = Vec::new();
        let mut taken = Vec::new();
        let mut alone = true;
        for rival in reading.rivals(place) {
            let other = &reading.profiles[rival];
            others.push(other);
            match at_path(data, &leaves[rival].path) {
                Some(value) => taken.extend(value.as_f64()),
                None => {
                    alone &=
                        std::mem::discriminant(&other.want) != std::mem::discriminant(&field.want);
                }
            }
        }
        if !alone && field.want != Want::Money {
            continue;
        }
        let value = amount::left_over(&reading.scene, &reading.amounts, field, &others, &taken);
        if let Some(value) = value.and_then(|value| fit(&field.field.kind, number(value))) {
            put(data, &leaf.path, value);
        }
    }
}

/// Fields that may want the same words.
fn compete(one: Want, other: Want) -> bool {
    let family = |want: Want| match want {
        Want::YesNo => 0,
        Want::Money
        | Want::Count
        | Want::Percent
        | Want::Score
        | Want::Year
        | Want::Number
        | Want::Span(_) => 1,
        Want::Date => 2,
        Want::Clock => 3,
        Want::Moment => 4,
        Want::Code => 5,
        Want::Person => 6,
        _ => 7,
    };
    let (one, other) = (family(one), family(other));
    one == other || one == 4 && (other == 2 || other == 3) || other == 4 && (one == 2 || one == 3)
}

struct Leaf<'s> {
    path: Vec<&'s str>,
    field: &'s Field,
}

fn leaves_of<'s>(fields: &'s [Field], path: &mut Vec<&'s str>, leaves: &mut Vec<Leaf<'s>>) {
    for field in fields {
        path.push(&field.name);
        match &field.kind {
            FieldType::Object(inner) => leaves_of(inner, path, leaves),
            _ => leaves.push(Leaf { path: path.clone(), field }),
        }
        path.pop();
    }
}

fn at_path<'d>(data: &'d Map<String, Json>, path: &[&str]) -> Option<&'d Json> {
    let (first, rest) = path.split_first()?;
    let value = data.get(*first)?;
    if rest.is_empty() { Some(value) } else { at_path(value.as_object()?, rest) }
}

fn put(data: &mut Map<String, Json>, path: &[&str], value: Json) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        data.insert((*first).to_owned(), value);
        return;
    }
    let inner = data.entry((*first).to_owned()).or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(inner) = inner {
        put(inner, rest, value);
    }
}
