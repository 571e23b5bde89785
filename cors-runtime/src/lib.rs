// The README's first block is an axum service, and all of its blocks are doc tests.
#![cfg_attr(feature = "axum", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "axum"),
    doc = "CORS as an attribute on the handler that it is for."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(feature = "axum")]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
pub mod axum;
pub mod http;

mod decision;
mod denial;
mod headers;
mod origin;
mod policy;
mod request;

pub use self::policy::Policy;

/// Not public API: what the expansion of the attributes names.
#[doc(hidden)]
#[allow(missing_docs, reason = "named by expansions only")]
pub mod __private {
    #[cfg(feature = "axum")]
    pub use crate::axum::expansion as axum;
    pub use crate::http::expansion as http;
    pub use crate::policy::{Headers, Methods, Origins, PolicyData};
    pub use cors_policy::{OriginPattern, PortPattern};

    use crate::policy::Policy;

    /// The policy that an attribute checked.
    pub const fn policy(data: PolicyData) -> Policy {
        Policy::new(data)
    }

    /// A type that stands for the policy of one handler.
    pub trait HasPolicy {
        fn policy() -> &'static Policy;
    }
}
