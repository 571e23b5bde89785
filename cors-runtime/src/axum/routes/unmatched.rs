//! What no route of the table matches: who serves it, and under which policy, by the prefix of the
//! router.

use std::collections::BTreeMap;
use std::ptr;

use super::handlers::Handlers;
use super::prefix::Prefix;
use crate::policy::Policy;

/// What serves the paths below a prefix that no route of ours matches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unmatched {
    pub(crate) fallback: FallbackKind,
    /// The policy for its 404s.
    default: Option<&'static Policy>,
    foreign: Option<ForeignRoutes>,
}

#[derive(Clone, Debug, Default)]
pub(crate) enum FallbackKind {
    /// Whatever serves the prefix around it.
    #[default]
    Outer,
    /// The user's fallback.
    Fallback(Handlers),
    /// A service, or a router of axum's.
    Other,
}

/// The routes of a router of axum's that was merged in: nobody knows them.
#[derive(Clone, Copy, Debug)]
struct ForeignRoutes {
    default: Option<&'static Policy>,
}

/// Who is asked about a request below a prefix.
pub(crate) struct PrefixScope {
    /// As it was written.
    pub(crate) path: String,
    pub(crate) prefix: Prefix,
    /// What serves the paths that no route matches.
    pub(crate) unknown: Handlers,
    /// The routes of a router of axum's, if there is one.
    pub(crate) foreign: Option<Handlers>,
}

impl PrefixScope {
    /// Those of axum's, where their policy is not that of the rest.
    pub(crate) fn foreign_apart(&self) -> Option<&Handlers> {
        let foreign = self.foreign.as_ref()?;
        (!is_same(foreign.default, self.unknown.default)).then_some(foreign)
    }
}

impl Unmatched {
    /// Of a router of axum's.
    pub(crate) fn foreign() -> Self {
        Self {
            foreign: Some(ForeignRoutes { default: None }),
            ..Self::default()
        }
    }

    pub(crate) fn has_foreign_routes(&self) -> bool {
        self.foreign.is_some()
    }

    pub(crate) fn is_anything(&self) -> bool {
        self.default.is_some()
            || self.has_foreign_routes()
            || !matches!(self.fallback, FallbackKind::Outer)
    }

    /// A service serves all of it, and nothing of what was nested there does.
    pub(crate) fn serve(&mut self) {
        if let FallbackKind::Outer = self.fallback {
            self.fallback = FallbackKind::Other;
            self.default = None;
        }
    }

    /// A router of axum's that is nested: it may have a fallback of its own.
    pub(crate) fn close(&mut self) {
        if let FallbackKind::Outer = self.fallback {
            self.fallback = FallbackKind::Other;
        }
    }

    pub(crate) fn reset_fallback(&mut self) {
        if let FallbackKind::Fallback(_) = self.fallback {
            self.fallback = FallbackKind::Outer;
        }
    }

    /// A policy for what has none yet.
    pub(crate) fn cover(&mut self, default: &'static Policy) {
        if let FallbackKind::Fallback(handlers) = &mut self.fallback {
            handlers.cover(Some(default));
        }
        if let Some(foreign) = &mut self.foreign {
            foreign.default.get_or_insert(default);
        }
        self.default.get_or_insert(default);
    }

    /// The 404s are those of the router around, too, if it has a policy.
    pub(crate) fn cover_all(&mut self, default: &'static Policy) {
        self.cover(default);
        self.default = Some(default);
    }

    /// The same prefix of another router. `own` is the policy that is to come for this one.
    ///
    /// # Panics
    ///
    /// If both have routers of axum's, under different policies: nobody knows which of their routes
    /// is whose.
    #[track_caller]
    pub(crate) fn join(&mut self, other: Self, own: Option<&'static Policy>) {
        if !matches!(other.fallback, FallbackKind::Outer) {
            self.fallback = other.fallback;
        }
        self.default = self.default.or(other.default);
        self.foreign = match (self.foreign, other.foreign) {
            (Some(ours), Some(theirs)) => {
                let ours = ours.default.or(own);
                let theirs = theirs.default.or(own);
                assert!(
                    is_same(ours, theirs),
                    "two of axum's own routers that come under different policies \
                     (`Router::cors`) cannot be merged: which of their routes is whose is not \
                     known; nest one of them, or call `cors` after `merge`"
                );
                Some(ForeignRoutes { default: ours })
            }
            (ours, theirs) => ours.or(theirs),
        };
    }
}

fn is_same(one: Option<&Policy>, other: Option<&Policy>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => ptr::eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// In the order in which they are to be tried.
pub(crate) fn by_prefix(unknown: BTreeMap<String, Unmatched>) -> Vec<PrefixScope> {
    let unknown = unknown.into_iter();
    let mut all: Vec<_> = unknown
        .map(|(path, it)| (Prefix::new(&path), path, it))
        .collect();
    all.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let below = |(place, (prefix, path, it)): (usize, &(Prefix, String, Unmatched))| PrefixScope {
        path: path.clone(),
        prefix: prefix.clone(),
        unknown: fallback_of(&all[place..]),
        foreign: it.foreign.map(|it| Handlers::unknown_under(it.default)),
    };
    all.iter().enumerate().map(below).collect()
}

/// Who serves the first of these, which come from the inside out, and may be any prefix's.
fn fallback_of(all: &[(Prefix, String, Unmatched)]) -> Handlers {
    let mut nearest = None;
    for (prefix, _, it) in all {
        if !prefix.is_around(&all[0].0) {
            continue;
        }
        match &it.fallback {
            FallbackKind::Outer => nearest = nearest.or(it.default),
            FallbackKind::Other => return Handlers::unknown_under(it.default),
            FallbackKind::Fallback(handlers) => {
                let mut handlers = handlers.clone();
                handlers.cover(nearest);
                return handlers;
            }
        }
    }
    Handlers::unknown_under(nearest)
}
