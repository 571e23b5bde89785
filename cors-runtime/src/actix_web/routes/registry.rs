//! The annotated routes of one app, registered while the app is built, on its thread.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ptr;
use std::rc::{Rc, Weak};

use actix_web::HttpRequest;
use actix_web::dev::{AppService, ResourceMap};
use actix_web::error::UrlGenerationError;
use actix_web::guard::{Guard, GuardContext};

use super::annotated_route::{AnnotatedRoute, RegisteredHandler};
use super::pattern::ScopedPattern;
use crate::actix_web::view::MountedPolicy;
use crate::mounting::{allow_methods, forbids_caching};
use crate::policy::Policy;

/// The annotated paths of one app, in the order of their registration.
pub(crate) struct Registry {
    /// Of the app, in its own tree of paths.
    name: String,
    routes: RefCell<Vec<Rc<AnnotatedRoute>>>,
    groups: OnceCell<HashMap<String, Vec<Rc<AnnotatedRoute>>>>,
    hidden: OnceCell<Vec<Rc<AnnotatedRoute>>>,
}

/// An app that is alive, and what it is known by while it is built: its default service, one for
/// all of its scopes. A `Weak` keeps the address from being used again.
struct App {
    default_service: Weak<dyn Any>,
    registry: Weak<Registry>,
}

thread_local! {
    static APPS: RefCell<Vec<App>> = const { RefCell::new(Vec::new()) };
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

impl Registry {
    /// Of the app that is being built.
    pub(crate) fn of(config: &AppService) -> Rc<Self> {
        let default_service: Rc<dyn Any> = config.default_service();
        let default_service = Rc::downgrade(&default_service);
        APPS.with_borrow_mut(|apps| {
            apps.retain(|app| app.registry.strong_count() > 0);
            let known = apps
                .iter()
                .find(|app| app.default_service.ptr_eq(&default_service));
            if let Some(registry) = known.and_then(|app| app.registry.upgrade()) {
                return registry;
            }
            let registry = Rc::new(Self::new());
            apps.push(App {
                default_service,
                registry: Rc::downgrade(&registry),
            });
            registry
        })
    }

    fn new() -> Self {
        let count = COUNT.get();
        COUNT.set(count + 1);
        Self {
            name: format!("\0cors{count}"),
            routes: RefCell::default(),
            groups: OnceCell::new(),
            hidden: OnceCell::new(),
        }
    }

    /// Of the app that a request came to, if there is anything annotated in it.
    pub(crate) fn of_request(request: &HttpRequest) -> Option<Rc<Self>> {
        let is_here = |registry: &Rc<Self>| {
            let place = request
                .resource_map()
                .url_for(request, &registry.name, [""; 0]);
            !matches!(place, Err(UrlGenerationError::ResourceNotFound))
        };
        APPS.with_borrow(|apps| {
            let mut registries = apps.iter().filter_map(|app| app.registry.upgrade());
            registries.find(is_here)
        })
    }

    pub(crate) fn add(
        self: &Rc<Self>,
        local: &str,
        handlers: Vec<RegisteredHandler>,
        guards: Vec<Rc<dyn Guard>>,
        owns_path: bool,
    ) -> Rc<AnnotatedRoute> {
        let mut routes = self.routes.borrow_mut();
        let pattern = ScopedPattern::new(routes.len(), local, &self.name);
        let route = Rc::new(AnnotatedRoute::new(pattern, handlers, guards, owns_path));
        routes.push(Rc::clone(&route));
        route
    }

    /// All routes of a whole pattern. Not before the app has been built.
    pub(crate) fn group(&self, pattern: &str) -> &[Rc<AnnotatedRoute>] {
        let groups = self.groups.get_or_init(|| {
            let mut groups: HashMap<_, Vec<_>> = HashMap::new();
            for route in &*self.routes.borrow() {
                let pattern = route.pattern.pattern().to_owned();
                groups.entry(pattern).or_default().push(Rc::clone(route));
            }
            groups
        });
        groups.get(pattern).map_or(&[], Vec::as_slice)
    }

    /// Whether somebody annotated serves that method of the path, wherever it leads first.
    pub(crate) fn may_serve(&self, path: &str, method: &str) -> bool {
        let routes = self.routes.borrow();
        let serves = |route: &AnnotatedRoute| {
            let handler = route.responder(method);
            handler.and_then(|handler| route.policy(handler)).is_some()
        };
        let mut serving = routes.iter().filter(|route| serves(route));
        serving.any(|route| route.pattern.matches(path))
    }

    /// Whether the path may be that of a handler which only guards lead to: its scope is not the
    /// first of that path.
    pub(crate) fn may_be_hidden(&self, root: &ResourceMap, path: &str) -> bool {
        let hidden = self.hidden.get_or_init(|| {
            let routes = self.routes.borrow();
            let hidden = routes.iter().filter(|route| route.pattern.is_hidden(root));
            hidden.cloned().collect()
        });
        hidden.iter().any(|route| route.pattern.matches(path))
    }

    /// Returns the policy of a handler, prepared for its path. The app must have been built.
    pub(crate) fn mounted_policy<'a>(
        &self,
        route: &'a AnnotatedRoute,
        handler: usize,
    ) -> Option<&'a MountedPolicy> {
        let all = || (0..route.handlers.len()).map(|handler| self.mount(route, handler));
        let policies = route.policies.get_or_init(|| all().collect());
        policies.get(handler)?.as_ref()
    }

    fn mount(&self, route: &AnnotatedRoute, handler: usize) -> Option<MountedPolicy> {
        let registered = route.handlers.get(handler)?;
        let policy = registered.policy()?;
        let serves = |method: &str| route.responder(method) == Some(handler);
        let is_alone = route.owns_path && route.handlers.len() == 1;
        let methods = allow_methods(policy, registered.methods.as_deref(), is_alone, serves);
        let forbids_caching = !serves("POST") && self.has_other_post(route, handler, policy);
        Some(MountedPolicy::new(policy, methods, forbids_caching))
    }

    /// Returns whether another handler serves POST on the same path, and does not allow the same
    /// headers as `policy`.
    fn has_other_post(&self, route: &AnnotatedRoute, handler: usize, policy: &Policy) -> bool {
        let others = self.group(route.pattern.pattern()).iter();
        let mut others = others.filter(|other| !ptr::eq(Rc::as_ptr(other), route));
        let is_other = |route: &AnnotatedRoute| {
            let post = route.serves("POST");
            post.is_some_and(|post| forbids_caching(policy, route.policy(post)))
        };
        let own = route.serves("POST").filter(|post| *post != handler);
        own.is_some_and(|own| forbids_caching(policy, route.policy(own)))
            || others.any(|other| is_other(other))
    }
}

/// Finds the handler that a preflight for a method is for, as actix-web routes the actual request,
/// except for guards that need more than a preflight has. HEAD falls back to GET.
pub(crate) fn responder<'a>(
    group: &'a [Rc<AnnotatedRoute>],
    method: &str,
    guards_pass: impl Fn(&AnnotatedRoute) -> bool,
) -> Option<(&'a Rc<AnnotatedRoute>, usize)> {
    let by = |method: &str| {
        for route in group.iter().filter(|route| guards_pass(route)) {
            if let Some(handler) = route.serves(method) {
                return Some((route, handler));
            }
            if route.owns_path {
                break;
            }
        }
        None
    };
    by(method).or_else(|| (method == "HEAD").then(|| by("GET")).flatten())
}

/// Returns a function that checks the guards of a route.
pub(crate) fn guards_pass(context: &GuardContext<'_>) -> impl Fn(&AnnotatedRoute) -> bool {
    move |route| route.guards.iter().all(|guard| guard.check(context))
}
