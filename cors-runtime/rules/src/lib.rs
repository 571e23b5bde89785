#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod check;
mod check_hosts;
mod check_origins;
mod duration;
mod error;
mod header;
mod host;
mod host_pattern;
mod list;
mod method;
mod origin;
mod pattern;
mod public_suffix;
#[cfg(feature = "regex")]
mod regex;
mod repair;
mod rule;
mod spec;
mod spelling;
pub mod str_set;
mod violation;

pub use self::duration::duration_seconds;
pub use self::error::OriginError;
pub use self::header::is_token;
pub use self::host_pattern::{HostError, HostPattern};
pub use self::list::{ListSpec, ValidList};
pub use self::method::method_meant;
pub use self::origin::{MAX_ORIGIN_LEN, Origin};
pub use self::pattern::{OriginPattern, PortPattern};
#[cfg(feature = "regex")]
pub use self::regex::compile_regex;
pub use self::repair::{repair, repair_host};
pub use self::rule::{Rule, UnknownRule};
pub use self::spec::{
    Headers, MAX_AGE_LIMIT, Methods, OriginEntry, Origins, PolicySpec, UnusedAllow, ValidPolicy,
};
pub use self::spelling::nearest;
pub use self::violation::{Field, Violation};
