//! What a call costs.

use domain::MicroUsd;
