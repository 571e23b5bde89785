//! The entries of `origins` that decide at request time.

mod async_source;
mod async_source_entry;
mod failure;
#[cfg(feature = "builder")]
mod list;
mod regex;
mod results;
mod source;
mod source_entry;

pub use self::async_source::{
    AsyncOriginSource, IntoOriginResult, OriginFuture, OriginRequest, OriginResult,
};
pub use self::async_source_entry::AsyncSourceEntry;
pub(crate) use self::failure::SourceFailure;
#[cfg(feature = "builder")]
pub use self::list::{OriginList, OriginListError};
pub use self::regex::OriginRegex;
pub(crate) use self::results::SourceResults;
pub use self::source::{NotReady, OriginSource};
pub(crate) use self::source_entry::EntryPolicy;
pub use self::source_entry::SourceEntry;
