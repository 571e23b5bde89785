//! What is annotated in one app: made while the app is built, on its thread.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use actix_web::HttpRequest;
use actix_web::dev::{AppService, ResourceMap};
use actix_web::error::UrlGenerationError;
use actix_web::guard::{Guard, GuardContext};

use super::entry::{Entry, Mounted};
use super::place::Place;
use crate::policy::Policy;

/// The annotated paths of one app, in the order of their registration.
pub(super) struct Registry {
    /// Of the app, in its own tree of paths.
    name: String,
    entries: RefCell<Vec<Rc<Entry>>>,
    groups: OnceCell<HashMap<String, Vec<Rc<Entry>>>>,
    hidden: OnceCell<Vec<Rc<Entry>>>,
    asks: Cell<bool>,
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
    pub(super) fn of(config: &AppService) -> Rc<Self> {
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
            entries: RefCell::default(),
            groups: OnceCell::new(),
            hidden: OnceCell::new(),
            asks: Cell::new(false),
        }
    }

    /// Of the app that a request came to, if there is anything annotated in it.
    pub(super) fn of_request(request: &HttpRequest) -> Option<Rc<Self>> {
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

    pub(super) fn add(
        self: &Rc<Self>,
        local: &str,
        handlers: Vec<Mounted>,
        guards: Vec<Rc<dyn Guard>>,
        closed: bool,
    ) -> Rc<Entry> {
        let mut entries = self.entries.borrow_mut();
        let place = Place::new(entries.len(), local, &self.name);
        let entry = Rc::new(Entry::new(place, handlers, guards, closed, self));
        if entry.policies().any(Policy::asks) {
            self.asks.set(true);
        }
        entries.push(Rc::clone(&entry));
        entry
    }

    /// Whether a policy has to ask somebody.
    pub(super) fn asks(&self) -> bool {
        self.asks.get()
    }

    /// All entries of a whole pattern. Not before the app has been built.
    pub(super) fn group(&self, pattern: &str) -> &[Rc<Entry>] {
        let groups = self.groups.get_or_init(|| {
            let mut groups: HashMap<_, Vec<_>> = HashMap::new();
            for entry in &*self.entries.borrow() {
                let pattern = entry.place.pattern().to_owned();
                groups.entry(pattern).or_default().push(Rc::clone(entry));
            }
            groups
        });
        groups.get(pattern).map_or(&[], Vec::as_slice)
    }

    /// Whether somebody annotated serves that method of the path, wherever it leads first.
    pub(super) fn may_serve(&self, path: &str, method: &str) -> bool {
        let entries = self.entries.borrow();
        let serves = |entry: &Entry| {
            let owner = entry.owner(method);
            owner.is_some_and(|place| entry.handlers[place].policy().is_some())
        };
        let mut serving = entries.iter().filter(|entry| serves(entry));
        serving.any(|entry| entry.place.matches(path))
    }

    /// Whether the path may be that of a handler which only guards lead to: its scope is not the
    /// first of that path.
    pub(super) fn may_be_hidden(&self, root: &ResourceMap, path: &str) -> bool {
        let hidden = self.hidden.get_or_init(|| {
            let entries = self.entries.borrow();
            let hidden = entries.iter().filter(|entry| entry.place.is_hidden(root));
            hidden.cloned().collect()
        });
        hidden.iter().any(|entry| entry.place.matches(path))
    }
}

/// Which of these a preflight for that method is for, and which handler there: as actix-web would
/// route the actual request, but for guards that look at more than a preflight has. HEAD falls back
/// to GET.
pub(super) fn owner<'a>(
    group: &'a [Rc<Entry>],
    method: &str,
    lets_in: impl Fn(&Entry) -> bool,
) -> Option<(&'a Rc<Entry>, usize)> {
    let by = |method: &str| {
        for entry in group.iter().filter(|entry| lets_in(entry)) {
            if let Some(place) = entry.serves(method) {
                return Some((entry, place));
            }
            if entry.closed {
                break;
            }
        }
        None
    };
    by(method).or_else(|| (method == "HEAD").then(|| by("GET")).flatten())
}

/// By its guards.
pub(super) fn lets_in(context: &GuardContext<'_>) -> impl Fn(&Entry) -> bool {
    move |entry| entry.guards.iter().all(|guard| guard.check(context))
}
