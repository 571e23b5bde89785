//! The valid input of an expansion, other than the handler.

use proc_macro2::Span;
use syn::{Expr, ExprPath, LitStr, Path};

/// A valid attribute of a valid handler.
pub(crate) struct Checked {
    pub(crate) runtime: Path,
    pub(crate) policy: CheckedPolicy,
    /// The span of the JSON body, if the policy has to allow `content-type`.
    pub(crate) wants_content_type: Option<Span>,
    /// The route macros of actix-web below the attribute.
    pub(crate) routes: Vec<Route>,
}

/// A route macro of actix-web, and its arguments.
pub(crate) struct Route {
    pub(crate) path: LitStr,
    pub(crate) name: Option<LitStr>,
    pub(crate) methods: Vec<String>,
    pub(crate) guards: Vec<Path>,
    pub(crate) wraps: Vec<Expr>,
}

/// The policy of a handler.
pub(crate) enum CheckedPolicy {
    /// The policy in the attribute.
    Inline(Policy),
    /// A `static`. Only the path is known at this point.
    Shared {
        path: Path,
        /// Why the policy may not contain an `ask(..)`.
        cannot_wait: Option<&'static str>,
    },
    Disabled,
}

/// A valid `policy!`.
pub(crate) struct CheckedMacro {
    pub(crate) runtime: Path,
    pub(crate) policy: Policy,
}

/// A valid policy: an owned `cors_rules::ValidPolicy` with the origin sources.
pub(crate) struct Policy {
    pub(crate) origins: Origins,
    pub(crate) methods: Methods,
    pub(crate) headers: Headers,
    pub(crate) expose: Vec<String>,
    pub(crate) credentials: bool,
    pub(crate) max_age: Option<u64>,
    pub(crate) enforce: bool,
    pub(crate) hosts: Vec<HostPattern>,
}

pub(crate) enum Origins {
    Any,
    List {
        exact: Vec<String>,
        patterns: Vec<OriginPattern>,
        regexes: Vec<String>,
        sources: Vec<Source>,
        async_sources: Vec<Source>,
    },
}

pub(crate) struct OriginPattern {
    pub(crate) scheme: String,
    pub(crate) subdomains: bool,
    pub(crate) host: String,
    pub(crate) port: Port,
}

pub(crate) struct HostPattern {
    pub(crate) subdomains: bool,
    pub(crate) host: String,
    pub(crate) port: Port,
}

pub(crate) enum Port {
    Absent,
    Is(String),
    Any,
}

impl Port {
    /// Returns the port as in an entry, without the colon.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Absent => "",
            Self::Is(port) => port,
            Self::Any => "*",
        }
    }
}

/// The path of an origin source.
pub(crate) struct Source {
    /// The path as text.
    pub(crate) text: String,
    pub(crate) path: ExprPath,
}

pub(crate) enum Methods {
    Default,
    Any,
    List(Vec<String>),
}

pub(crate) enum Headers {
    Any { authorization: bool },
    List(Vec<String>),
}

impl CheckedPolicy {
    /// Returns whether the policy may contain an `ask(..)`.
    pub(crate) fn may_ask(&self) -> bool {
        match self {
            Self::Inline(policy) => match &policy.origins {
                Origins::List { async_sources, .. } => !async_sources.is_empty(),
                Origins::Any => false,
            },
            Self::Shared { .. } => true,
            Self::Disabled => false,
        }
    }
}

impl Policy {
    /// Allows every origin. Replaces an invalid policy.
    pub(crate) const ANY: Self = Self {
        origins: Origins::Any,
        methods: Methods::Default,
        headers: Headers::List(Vec::new()),
        expose: Vec::new(),
        credentials: false,
        max_age: None,
        enforce: false,
        hosts: Vec::new(),
    };
}
