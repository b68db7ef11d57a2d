//! Legs to the sandbox's scripted callees.
