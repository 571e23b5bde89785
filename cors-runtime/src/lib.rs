// All blocks of the README are doc tests: services, a layer, and a list of origins.
#![cfg_attr(
    all(feature = "actix-web", feature = "axum", feature = "builder", feature = "tower"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(
        feature = "actix-web",
        feature = "axum",
        feature = "builder",
        feature = "tower"
    )),
    doc = "CORS as an attribute on the handler that it is for."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(feature = "actix-web")]
#[cfg_attr(docsrs, doc(cfg(feature = "actix-web")))]
pub mod actix_web;
#[cfg(feature = "axum")]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
pub mod axum;
pub mod http;
#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub mod tower;
#[cfg_attr(feature = "axum", doc = include_str!("../RULES.md"))]
#[cfg_attr(
    not(feature = "axum"),
    doc = "The rules by name, with their reasons: with the feature `axum`, for its examples."
)]
pub mod rules {}
#[cfg_attr(all(feature = "axum", feature = "builder"), doc = include_str!("../RECIPES.md"))]
#[cfg_attr(
    not(all(feature = "axum", feature = "builder")),
    doc = "What people write elsewhere: with the features `axum` and `builder`, for its examples."
)]
pub mod recipes {}

#[cfg(any(feature = "actix-web", feature = "axum"))]
mod annotated;
mod answers;
mod ask;
#[cfg(feature = "builder")]
mod builder;
mod decision;
mod denial;
#[cfg(feature = "serde")]
mod deserialize;
#[cfg(any(feature = "axum", feature = "tower"))]
mod future;
mod headers;
mod origin;
#[cfg(feature = "builder")]
mod origin_list;
mod origin_source;
#[cfg(any(feature = "axum", feature = "tower"))]
mod outer;
mod policy;
mod regex;
mod reply;
mod request;
mod request_head;
#[cfg(any(feature = "actix-web", feature = "axum"))]
mod siblings;
mod source;

pub use self::ask::{AskFuture, AskOrigin, IntoAnswer, Question};
#[cfg(feature = "builder")]
#[cfg_attr(docsrs, doc(cfg(feature = "builder")))]
pub use self::builder::{PolicyBuilder, PolicyError};
#[cfg(feature = "builder")]
#[cfg_attr(docsrs, doc(cfg(feature = "builder")))]
pub use self::origin_list::{OriginList, OriginListError};
pub use self::origin_source::{NotReady, OriginSource};
pub use self::policy::Policy;
pub use self::request_head::RequestHead;
#[cfg(feature = "builder")]
#[cfg_attr(docsrs, doc(cfg(feature = "builder")))]
pub use cors_rules::{Field, OriginEntry, Rule, Violation};

/// A policy with a name of its own, for several handlers. It takes the keys of `#[cors(...)]`,
/// and is checked like one.
///
/// ```
/// use cors_runtime::{Policy, policy};
///
/// static STAFF: Policy = policy! {
///     origins = ["https://admin.example.com"],
///     headers = ["content-type"],
///     credentials,
/// };
/// # #[cfg(feature = "axum")] {
/// use cors_runtime::axum::cors;
///
/// #[cors(policy = STAFF)]
/// async fn list() -> &'static str {
///     "everything"
/// }
/// # }
/// ```
#[doc(inline)]
pub use cors_macros::policy;

/// Not public API: what the expansion of the attributes names.
#[doc(hidden)]
#[allow(missing_docs, reason = "named by expansions only")]
pub mod __private {
    #[cfg(feature = "actix-web")]
    pub use crate::actix_web::expansion as actix_web;
    pub use crate::answers::{Answers, Asking};
    pub use crate::ask::Ask;
    #[cfg(feature = "axum")]
    pub use crate::axum::expansion as axum;
    pub use crate::http::expansion as http;
    pub use crate::policy::{Headers, Methods, Origins, PolicyData};
    pub use crate::regex::OriginRegex;
    pub use crate::source::Source;
    pub use cors_rules::{OriginPattern, PortPattern};

    use crate::policy::Policy;

    /// The policy that an attribute checked.
    pub const fn policy(data: PolicyData) -> Policy {
        Policy::new(data)
    }

    /// What `disabled` says.
    pub const fn disabled(location: &'static str) -> Policy {
        Policy::disabled(location)
    }

    /// What `policy = PATH` names, where the handler takes JSON.
    pub struct Shared<T: 'static>(pub &'static T);

    impl Shared<Policy> {
        pub const fn allows_content_type(&self) -> bool {
            self.0.allows_content_type()
        }

        pub const fn asks(&self) -> bool {
            self.0.asks()
        }
    }

    impl<F> Shared<std::sync::LazyLock<Policy, F>> {
        /// Not known before the program runs: asked once more when the handler is mounted.
        pub const fn allows_content_type(&self) -> bool {
            true
        }

        /// What is made at start-up asks nobody.
        pub const fn asks(&self) -> bool {
            false
        }
    }

    /// A type that stands for the policy of one handler.
    pub trait HasPolicy {
        const HANDLER: &'static str;
        /// Whether the handler takes JSON, and nobody said that this is fine.
        const WANTS_CONTENT_TYPE: bool;
        fn policy() -> &'static Policy;
    }
}
