#![doc = include_str!("links.md")]
// The examples need features.
#![cfg_attr(
    any(
        all(feature = "actix-web", feature = "axum", feature = "builder", feature = "tower"),
        not(doctest)
    ),
    doc = include_str!("../README.md")
)]
// Without features, the items that the documentation links to do not exist.
#![cfg_attr(
    not(all(
        feature = "actix-web",
        feature = "ask",
        feature = "axum",
        feature = "builder",
        feature = "regex",
        feature = "testing",
        feature = "tower",
        feature = "utoipa"
    )),
    allow(rustdoc::broken_intra_doc_links)
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(feature = "actix-web")]
pub mod actix_web;
#[cfg(feature = "axum")]
pub mod axum;
pub mod guide;
pub mod http;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg_attr(any(feature = "axum", not(doctest)), doc = include_str!("../RULES.md"))]
pub mod rules {}
#[cfg_attr(
    any(all(feature = "axum", feature = "builder"), not(doctest)),
    doc = include_str!("../RECIPES.md")
)]
pub mod recipes {}
#[doc = include_str!("../PERFORMANCE.md")]
#[doc = include_str!("../performance.svg")]
pub mod performance {}

mod mounting;
mod origins;
mod policy;
mod protocol;
mod request;

pub use self::origins::{
    AsyncOriginSource, IntoOriginResult, NotReady, OriginFuture, OriginRequest, OriginResult,
    OriginSource,
};
#[cfg(feature = "builder")]
pub use self::origins::{OriginList, OriginListError};
pub use self::policy::Policy;
#[cfg(feature = "builder")]
pub use self::policy::{PolicyBuilder, PolicyError};
pub use self::request::RequestHead;
#[cfg(feature = "builder")]
pub use cors_rules::{Field, OriginEntry, Rule, Violation};

/// Rejects every function, and lists the attributes to import instead.
///
/// Import the attribute of your framework: [`axum::cors`], [`actix_web::cors`], or [`http::cors`]
/// for a whole service.
///
/// ```compile_fail
/// use cors_runtime::cors;
///
/// #[cors(origins = "*")]
/// async fn list() {}
/// ```
#[doc(inline)]
pub use cors_macros::cors;

/// Creates a named policy that several handlers can share. Accepts the keys of `#[cors(...)]`, and
/// checks them in the same way.
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

/// The items that the expansions of the macros use. Not public API.
#[doc(hidden)]
#[allow(missing_docs, reason = "named by expansions only")]
pub mod __private {
    #[cfg(feature = "actix-web")]
    pub use crate::actix_web::expansion as actix_web;
    #[cfg(feature = "axum")]
    pub use crate::axum::expansion as axum;
    pub use crate::http::expansion as http;
    #[cfg(any(feature = "actix-web", feature = "axum"))]
    pub use crate::mounting::HasPolicy;
    pub use crate::origins::{AsyncSourceEntry, OriginRegex, SourceEntry};
    pub use crate::policy::{Methods, Origins, PolicyData};

    use cors_rules::{HostPattern, OriginPattern, PortPattern};

    use crate::policy::{Headers, OriginEntries, Policy};

    /// Creates the policy that a macro has checked. An empty `expose` or `max_age` is absent.
    #[allow(
        clippy::too_many_arguments,
        reason = "rustc checks a call faster than a struct"
    )]
    pub const fn policy(
        location: &'static str,
        origins: Origins,
        methods: Methods,
        headers: Headers,
        expose: &'static str,
        credentials: bool,
        max_age: &'static str,
        enforce: bool,
    ) -> Policy {
        Policy::new(PolicyData {
            location,
            origins,
            methods,
            headers,
            expose: if expose.is_empty() {
                None
            } else {
                Some(expose)
            },
            credentials,
            max_age: if max_age.is_empty() {
                None
            } else {
                Some(max_age)
            },
            enforce,
            hosts: &[],
        })
    }

    /// Adds `hosts` to a policy.
    pub const fn with_hosts(policy: Policy, hosts: &'static [HostPattern<'static>]) -> Policy {
        Policy::new(PolicyData { hosts, ..policy.0 })
    }

    /// Creates an entry of `hosts`. The port is empty, `*` or a number.
    pub const fn host(
        subdomains: bool,
        host: &'static str,
        port: &'static str,
    ) -> HostPattern<'static> {
        HostPattern {
            subdomains,
            host,
            port: self::port(port),
        }
    }

    const fn port(port: &'static str) -> PortPattern<'static> {
        match port.as_bytes() {
            b"" => PortPattern::Absent,
            b"*" => PortPattern::Any,
            _ => PortPattern::Is(port),
        }
    }

    /// Creates `origins` without regexes and origin sources.
    pub const fn origins(
        exact: &'static [&'static str],
        patterns: &'static [OriginPattern<'static>],
    ) -> Origins {
        all_origins(exact, patterns, &[], &[], &[])
    }

    pub const fn all_origins(
        exact: &'static [&'static str],
        patterns: &'static [OriginPattern<'static>],
        regexes: &'static [&'static OriginRegex],
        sources: &'static [&'static SourceEntry],
        async_sources: &'static [&'static AsyncSourceEntry],
    ) -> Origins {
        Origins::List(OriginEntries {
            exact,
            patterns,
            regexes,
            sources,
            async_sources,
        })
    }

    /// Creates a pattern. The port is empty, `*` or a number.
    pub const fn pattern(
        scheme: &'static str,
        subdomains: bool,
        host: &'static str,
        port: &'static str,
    ) -> OriginPattern<'static> {
        OriginPattern {
            scheme,
            subdomains,
            host,
            port: self::port(port),
        }
    }

    pub const fn methods(names: &'static [&'static str], joined: &'static str) -> Methods {
        Methods::List { names, joined }
    }

    pub const fn headers(names: &'static [&'static str], joined: &'static str) -> Headers {
        Headers::List { names, joined }
    }

    pub const fn any_header(authorization: bool) -> Headers {
        Headers::Any { authorization }
    }

    /// Never runs. The expansion ties the result of a body to the written type with a call.
    ///
    /// # Panics
    ///
    /// Panics always.
    pub fn never<T>() -> T {
        unreachable!("a call that never runs")
    }

    /// Creates the policy of `disabled`.
    pub const fn disabled(location: &'static str) -> Policy {
        Policy::disabled_at(location)
    }

    /// The item that `policy = PATH` names. Its methods check the policy at compile time.
    pub struct Shared<T: 'static>(pub &'static T);

    impl Shared<Policy> {
        pub const fn allows_content_type(&self) -> bool {
            self.0.allows_content_type()
        }

        pub const fn has_async_sources(&self) -> bool {
            self.0.has_async_sources()
        }
    }

    impl<F> Shared<std::sync::LazyLock<Policy, F>> {
        /// Returns `true`: the policy is not known yet, and is checked when the handler is mounted.
        pub const fn allows_content_type(&self) -> bool {
            true
        }

        /// Returns `false`: a policy that is made at start-up cannot contain `ask(..)`.
        pub const fn has_async_sources(&self) -> bool {
            false
        }
    }
}
