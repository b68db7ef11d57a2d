//! The rule kit against written conversations and against clauses made by the hundred thousand.

mod corpus;
mod generated;
mod rubbish;
mod spoken;
mod tongues;
