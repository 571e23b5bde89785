#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod error;
mod header;
mod host;
mod method;
mod origin;
mod pattern;
mod repair;
mod spec;
mod violation;

pub use self::error::OriginError;
pub use self::header::{is_forbidden_request_header, is_token};
pub use self::origin::{MAX_ORIGIN_LEN, Origin};
pub use self::pattern::{OriginPattern, PortPattern};
pub use self::spec::{Headers, MAX_AGE_LIMIT, Methods, Origins, PolicySpec, SoundPolicy};
pub use self::violation::{Field, Violation};
