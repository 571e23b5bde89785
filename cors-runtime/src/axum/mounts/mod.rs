//! The endpoints of a router, with what is known about their handlers. axum does all routing.
//!
//! Each path, each service and each router of axum's own is a *mount*: a separate [`axum::Router`].
//! axum makes every change of the router on each mount. At the end, each mount gets the layer with
//! its policies, and axum merges all mounts into one router. So a request does not cause a lookup
//! of its policy, and an endpoint that is not known does not have a CORS layer.

mod build;
mod claims;
mod fallback;
mod layers;
mod mount;
mod path;
mod shared;

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::IntoResponse;
use axum::routing;
use tower_service::Service;

use self::fallback::Fallback;
use self::mount::Mount;
use self::path::PathMount;
use super::routes::{Endpoint, Handlers, OptionsEndpoint, Policies};
use crate::policy::Policy;

/// The mounts of a router.
#[derive(Clone)]
pub(crate) struct Mounts<S> {
    /// Every endpoint, without layers. A call that axum's router refuses panics here.
    skeleton: axum::Router<S>,
    /// An empty router. Cloning it is cheaper than creating one for each mount.
    empty: axum::Router<S>,
    /// See [`claims`]. `None` without routers of axum's own.
    claims: Option<axum::Router<S>>,
    /// The mounts by their paths. axum merges method routers of one path, so a path has one mount.
    paths: BTreeMap<String, PathMount<S>>,
    services: Vec<Mount<S>>,
    /// Routers of axum's own, and the fallbacks of nested routers.
    rest: Vec<Mount<S>>,
    fallback: Fallback<S>,
    /// The policy for the endpoints without a policy.
    default: Option<&'static Policy>,
    checks: Checks,
}

/// Whether axum checks a path for the syntax of its version 0.7.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Checks {
    V07,
    None,
}

/// Returns an empty router for paths that axum has checked before.
fn unchecked<S: Clone + Send + Sync + 'static>() -> axum::Router<S> {
    axum::Router::new().without_v07_checks()
}

impl<S: Clone + Send + Sync + 'static> Mounts<S> {
    pub(crate) fn new() -> Self {
        Self {
            skeleton: axum::Router::new(),
            empty: unchecked(),
            claims: None,
            paths: BTreeMap::new(),
            services: Vec::new(),
            rest: Vec::new(),
            fallback: Fallback::Default(unchecked(), None),
            default: None,
            checks: Checks::V07,
        }
    }

    pub(crate) fn foreign(router: axum::Router<S>) -> Self {
        Self {
            skeleton: router.clone(),
            fallback: Fallback::Foreign(Mount::foreign(router.without_v07_checks())),
            checks: Checks::None,
            ..Self::new()
        }
        .claimed()
    }

    pub(crate) fn without_v07_checks(mut self) -> Self {
        self.skeleton = self.skeleton.without_v07_checks();
        self.checks = Checks::None;
        self
    }

    #[track_caller]
    pub(crate) fn route(
        mut self,
        path: &str,
        inner: routing::MethodRouter<S>,
        handlers: Handlers,
        options: OptionsEndpoint<routing::MethodRouter<S>>,
    ) -> Self {
        self.skeleton = self.skeleton.route(path, inner.clone());
        let mount = PathMount {
            router: self.empty.clone().route(path, inner),
            options: options.map(|options| self.empty.clone().route(path, options)),
            handlers,
        };
        self.add(path.to_owned(), mount);
        self
    }

    #[track_caller]
    fn add(&mut self, path: String, mount: PathMount<S>) {
        let known = self.paths.remove(&path);
        let has_claim = known.as_ref().is_some_and(|it| self.claims_options(it));
        let mount = match known {
            Some(known) => known.merge(mount),
            None => mount,
        };
        if !has_claim && self.claims_options(&mount) {
            self.claim_options(&path);
        }
        self.paths.insert(path, mount);
    }

    #[track_caller]
    pub(crate) fn route_service<T>(mut self, path: &str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        self.skeleton = self.skeleton.route_service(path, service.clone());
        let router = self.empty.clone().route_service(path, service);
        self.services
            .push(Mount::new(router, Endpoint::Service, path));
        self
    }

    #[track_caller]
    pub(crate) fn nest_service<T>(mut self, path: &str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        self.skeleton = self.skeleton.nest_service(path, service.clone());
        let router = self.empty.clone().nest_service(path, service);
        let listed = mount::nested(path, "/*");
        self.services
            .push(Mount::new(router, Endpoint::Service, &listed));
        self
    }

    #[track_caller]
    pub(crate) fn nest(mut self, prefix: &str, other: Self) -> Self {
        let other = other.covered();
        self.skeleton = self.skeleton.nest(prefix, other.skeleton);
        for (path, mount) in other.paths {
            self.add(
                mount::nested(prefix, &path),
                mount.nest(prefix, &self.empty),
            );
        }
        let services = other.services.into_iter();
        self.services
            .extend(services.map(|it| it.nest(prefix, &self.empty)));
        let rest = other.fallback.nest_with(other.rest);
        self.rest
            .extend(rest.map(|rest| rest.nest(prefix, &self.empty)));
        if other.claims.is_some() {
            self = self.claimed();
        }
        self
    }

    #[track_caller]
    pub(crate) fn merge(mut self, other: Self) -> Self {
        let other = other.covered();
        self.skeleton = self.skeleton.merge(other.skeleton);
        for (path, mount) in other.paths {
            self.add(path, mount);
        }
        self.services.extend(other.services);
        let (fallback, foreign) = self.fallback.merge(other.fallback);
        self.fallback = fallback;
        self.rest.extend(foreign.into_iter().chain(other.rest));
        if other.checks == Checks::None {
            self.checks = Checks::None;
        }
        if other.claims.is_some() {
            self = self.claimed();
        }
        self
    }

    /// Sets the default policy.
    #[track_caller]
    pub(crate) fn cors(mut self, default: &'static Policy) -> Self {
        self.default = Some(default);
        self.claimed()
    }

    pub(crate) fn has_routes(&self) -> bool {
        self.skeleton.has_routes()
    }

    /// Sets the fallback. The method router has a handler for every method.
    pub(crate) fn fallback(
        mut self,
        handler: routing::MethodRouter<S>,
        handlers: Handlers,
    ) -> Self {
        self.skeleton = self.skeleton.fallback(claims::claim);
        self.with_fallback(Fallback::Handler(Box::new(handler), handlers))
    }

    pub(crate) fn fallback_service<T>(mut self, service: T, handlers: Handlers) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send + 'static,
    {
        self.skeleton = self.skeleton.fallback(claims::claim);
        let service = unchecked().fallback_service(service);
        self.with_fallback(Fallback::Service(service, handlers))
    }

    /// Replaces the fallback. Keeps the routes of a router of axum's own.
    fn with_fallback(mut self, fallback: Fallback<S>) -> Self {
        self.rest.extend(self.fallback.into_foreign());
        self.fallback = fallback;
        self
    }

    #[track_caller]
    pub(crate) fn method_not_allowed_fallback<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let paths = self.paths.into_iter();
        let paths = paths.map(|(path, it)| {
            let mount = it.method_not_allowed_fallback(&path, &handler);
            (path, mount)
        });
        self.paths = paths.collect();
        let set = |router: axum::Router<S>| router.method_not_allowed_fallback(handler.clone());
        self.rest = self.rest.into_iter().map(|it| it.map(set)).collect();
        self.fallback = self.fallback.map_foreign(set);
        self.skeleton = self.skeleton.method_not_allowed_fallback(handler);
        self.claimed()
    }

    pub(crate) fn reset_fallback(mut self) -> Self {
        self.skeleton = self.skeleton.reset_fallback();
        self = self.with_fallback(Fallback::Default(unchecked(), None));
        let rest = self.rest.into_iter().filter_map(Mount::reset_fallback);
        self.rest = rest.collect();
        self
    }

    pub(crate) fn with_state<S2>(self, state: &S) -> Mounts<S2> {
        let paths = self.paths.into_iter();
        let services = self.services.into_iter();
        let rest = self.rest.into_iter();
        let claims = self.claims;
        Mounts {
            skeleton: self.skeleton.with_state(state.clone()),
            empty: self.empty.with_state(state.clone()),
            claims: claims.map(|claims| claims.with_state(state.clone())),
            paths: paths
                .map(|(path, it)| (path, it.with_state(state)))
                .collect(),
            services: services.map(|it| it.with_state(state)).collect(),
            rest: rest.map(|it| it.with_state(state)).collect(),
            fallback: self.fallback.with_state(state),
            default: self.default,
            checks: self.checks,
        }
    }

    /// Applies the default policy to every endpoint without a policy. The default of a nested or
    /// merged router has been applied before.
    fn covered(mut self) -> Self {
        let Some(default) = self.default.take() else {
            return self;
        };
        for mount in self.paths.values_mut() {
            mount.handlers.cover(default);
        }
        for mount in self.services.iter_mut().chain(&mut self.rest) {
            mount.cover(default);
        }
        self.fallback.cover(default);
        self
    }

    pub(crate) fn policies(self) -> Policies {
        let this = self.covered().with_shared_paths();
        let mut policies = Policies::default();
        for (path, mount) in &this.paths {
            policies.add(path, Endpoint::Route, &mount.handlers);
        }
        for mount in this.services.iter().chain(&this.rest) {
            mount.list(&mut policies);
        }
        this.fallback.list(&mut policies);
        policies
    }
}

impl<S> Mounts<S> {
    /// Returns the paths with their handlers.
    pub(crate) fn handlers(&self) -> impl Iterator<Item = (&str, &Handlers)> {
        let paths = self.paths.iter();
        paths.map(|(path, mount)| (path.as_str(), &mount.handlers))
    }
}
