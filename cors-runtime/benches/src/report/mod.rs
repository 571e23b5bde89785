//! The output of the commands.

pub(crate) mod baseline;
pub(crate) mod callgrind;
pub(crate) mod markdown;
pub(crate) mod picture;
pub(crate) mod rows;
