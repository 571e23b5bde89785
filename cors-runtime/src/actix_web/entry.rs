//! What stands on one path: a handler under a route macro, or the handlers of a resource.

use std::cell::OnceCell;
use std::rc::{Rc, Weak};

use actix_web::guard::Guard;
use actix_web::http::header::HeaderValue;

use super::place::Place;
use super::registry::Registry;
use crate::annotated::Annotation;
use crate::policy::Policy;
use crate::siblings::{self, Rules};

/// A handler, with its policy if it is annotated.
#[derive(Clone, Debug)]
pub(super) struct Mounted {
    /// `None`: every method that no earlier one serves.
    methods: Option<Vec<&'static str>>,
    annotation: Option<Annotation>,
}

impl Mounted {
    /// # Panics
    ///
    /// As [`siblings::check_registration`].
    #[track_caller]
    pub(super) fn new(methods: Option<Vec<&'static str>>, annotation: Option<Annotation>) -> Self {
        if let Some(annotation) = annotation {
            siblings::check_registration(annotation, methods.as_deref());
        }
        Self {
            methods,
            annotation,
        }
    }

    pub(super) fn policy(&self) -> Option<&'static Policy> {
        self.annotation.map(|annotation| annotation.policy)
    }

    fn serves(&self, method: &str) -> bool {
        let methods = self.methods.as_ref();
        methods.is_none_or(|methods| methods.contains(&method))
    }
}

pub(super) struct Entry {
    pub(super) place: Place,
    /// In the order in which actix-web asks them.
    pub(super) handlers: Vec<Mounted>,
    /// The user's own, without those for the method.
    pub(super) guards: Vec<Rc<dyn Guard>>,
    /// Whether nobody but these handlers can serve the path, once the guards have let a request
    /// in. Where route macros stand, plain ones may stand beside them.
    pub(super) closed: bool,
    registry: Weak<Registry>,
    rules: OnceCell<Vec<Option<Rules<HeaderValue>>>>,
}

impl Entry {
    pub(super) fn new(
        place: Place,
        handlers: Vec<Mounted>,
        guards: Vec<Rc<dyn Guard>>,
        closed: bool,
        registry: &Rc<Registry>,
    ) -> Self {
        Self {
            place,
            handlers,
            guards,
            closed,
            registry: Rc::downgrade(registry),
            rules: OnceCell::new(),
        }
    }

    /// The first handler that serves exactly that method.
    pub(super) fn serves(&self, method: &str) -> Option<usize> {
        self.handlers.iter().position(|it| it.serves(method))
    }

    /// The handler that a preflight for that method is for. HEAD falls back to GET.
    pub(super) fn owner(&self, method: &str) -> Option<usize> {
        let get = || (method == "HEAD").then(|| self.serves("GET")).flatten();
        self.serves(method).or_else(get)
    }

    pub(super) fn policies(&self) -> impl Iterator<Item = &'static Policy> + Clone {
        self.handlers.iter().filter_map(Mounted::policy)
    }

    /// Made when the first preflight comes: only then are all handlers of the path there.
    pub(super) fn rules(&self, place: usize) -> Option<&Rules<HeaderValue>> {
        let all = || (0..self.handlers.len()).map(|place| self.make_rules(place));
        let rules = self.rules.get_or_init(|| all().collect());
        rules.get(place)?.as_ref()
    }

    fn make_rules(&self, place: usize) -> Option<Rules<HeaderValue>> {
        let policy = self.handlers[place].policy()?;
        let serves = |method: &str| self.owner(method) == Some(place);
        let registered = self.handlers[place].methods.as_deref();
        let alone = self.closed && self.handlers.len() == 1;
        let methods = siblings::advertised(policy, registered, alone, serves);
        let must_not_cache = !serves("POST") && self.others_post(place, policy);
        Some(Rules::new(policy, methods, must_not_cache))
    }

    /// Whether a POST to the same path may reach a handler to which a permission of that policy is
    /// none.
    fn others_post(&self, place: usize, policy: &Policy) -> bool {
        let registry = self.registry.upgrade();
        let group = registry.as_deref().map(|it| it.group(self.place.pattern()));
        let posts = |entry: &Entry| {
            let post = entry.serves("POST").filter(|_| !std::ptr::eq(self, entry));
            post.is_some_and(|post| siblings::must_not_cache(policy, entry.handlers[post].policy()))
        };
        let own = self.serves("POST").filter(|post| *post != place);
        own.is_some_and(|own| siblings::must_not_cache(policy, self.handlers[own].policy()))
            || group.is_some_and(|group| group.iter().any(|entry| posts(entry)))
    }
}
