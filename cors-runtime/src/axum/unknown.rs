//! What no route of the table matches: who serves it, and under which policy, by the prefix of the
//! router.

use std::collections::BTreeMap;
use std::ptr;

use super::prefix::Prefix;
use super::table::Handlers;
use crate::policy::Policy;

/// What serves the paths below a prefix that no route of ours matches.
#[derive(Clone, Debug, Default)]
pub(super) struct Unknown {
    pub(super) server: Server,
    /// The policy for its 404s.
    default: Option<&'static Policy>,
    axums: Option<Axums>,
}

#[derive(Clone, Debug, Default)]
pub(super) enum Server {
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
struct Axums {
    default: Option<&'static Policy>,
}

/// Who is asked about a request below a prefix.
pub(super) struct Below {
    /// As it was written.
    pub(super) path: String,
    pub(super) prefix: Prefix,
    /// What serves the paths that no route matches.
    pub(super) unknown: Handlers,
    /// The routes of a router of axum's, if there is one.
    pub(super) axums: Option<Handlers>,
}

impl Below {
    /// Those of axum's, where their policy is not that of the rest.
    pub(super) fn axums_apart(&self) -> Option<&Handlers> {
        let axums = self.axums.as_ref()?;
        (!is_same(axums.default, self.unknown.default)).then_some(axums)
    }
}

impl Unknown {
    /// Of a router of axum's.
    pub(super) fn axums() -> Self {
        Self {
            axums: Some(Axums { default: None }),
            ..Self::default()
        }
    }

    pub(super) fn has_axums(&self) -> bool {
        self.axums.is_some()
    }

    pub(super) fn is_anything(&self) -> bool {
        self.default.is_some() || self.has_axums() || !matches!(self.server, Server::Outer)
    }

    /// A service serves all of it, and nothing of what was nested there does.
    pub(super) fn serve(&mut self) {
        if let Server::Outer = self.server {
            self.server = Server::Other;
            self.default = None;
        }
    }

    /// A router of axum's that is nested: it may have a fallback of its own.
    pub(super) fn close(&mut self) {
        if let Server::Outer = self.server {
            self.server = Server::Other;
        }
    }

    pub(super) fn reset_fallback(&mut self) {
        if let Server::Fallback(_) = self.server {
            self.server = Server::Outer;
        }
    }

    /// A policy for what has none yet.
    pub(super) fn cover(&mut self, default: &'static Policy) {
        if let Server::Fallback(handlers) = &mut self.server {
            handlers.cover(Some(default));
        }
        if let Some(axums) = &mut self.axums {
            axums.default.get_or_insert(default);
        }
        self.default.get_or_insert(default);
    }

    /// The 404s are those of the router around, too, if it has a policy.
    pub(super) fn cover_all(&mut self, default: &'static Policy) {
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
    pub(super) fn join(&mut self, other: Self, own: Option<&'static Policy>) {
        if !matches!(other.server, Server::Outer) {
            self.server = other.server;
        }
        self.default = self.default.or(other.default);
        self.axums = match (self.axums, other.axums) {
            (Some(ours), Some(theirs)) => {
                let ours = ours.default.or(own);
                let theirs = theirs.default.or(own);
                assert!(
                    is_same(ours, theirs),
                    "two of axum's own routers that come under different policies \
                     (`Router::cors`) cannot be merged: which of their routes is whose is not \
                     known; nest one of them, or call `cors` after `merge`"
                );
                Some(Axums { default: ours })
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
pub(super) fn by_prefix(unknown: BTreeMap<String, Unknown>) -> Vec<Below> {
    let unknown = unknown.into_iter();
    let mut all: Vec<_> = unknown
        .map(|(path, it)| (Prefix::new(&path), path, it))
        .collect();
    all.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let below = |(place, (prefix, path, it)): (usize, &(Prefix, String, Unknown))| Below {
        path: path.clone(),
        prefix: prefix.clone(),
        unknown: server(&all[place..]),
        axums: it.axums.map(|it| Handlers::unknown_under(it.default)),
    };
    all.iter().enumerate().map(below).collect()
}

/// Who serves the first of these, which come from the inside out, and may be any prefix's.
fn server(all: &[(Prefix, String, Unknown)]) -> Handlers {
    let mut nearest = None;
    for (prefix, _, it) in all {
        if !prefix.is_around(&all[0].0) {
            continue;
        }
        match &it.server {
            Server::Outer => nearest = nearest.or(it.default),
            Server::Other => return Handlers::unknown_under(it.default),
            Server::Fallback(handlers) => {
                let mut handlers = handlers.clone();
                handlers.cover(nearest);
                return handlers;
            }
        }
    }
    Handlers::unknown_under(nearest)
}
