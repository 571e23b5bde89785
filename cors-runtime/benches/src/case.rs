//! Cases: one implementation of CORS under one request.

use std::fmt;

use crate::requests::Template;

/// A service that handles a batch of equal requests.
pub(crate) trait Measured {
    /// Makes the requests of the next batch. This part is not measured.
    fn prepare(&mut self, requests: usize);

    /// Handles the batch, and drops the responses. This part is measured.
    fn serve(&mut self);

    /// Returns the response to one request, or `None` if the case only drops requests.
    fn response(&mut self) -> Option<Answer>;
}

/// A response, for comparison.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Sorted, as `name: value`.
    pub(crate) headers: Vec<String>,
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "  {}", self.status)?;
        self.headers
            .iter()
            .try_for_each(|line| write!(formatter, "\n  {line}"))
    }
}

impl Answer {
    pub(crate) fn new<'a>(status: u16, headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        let line = |(name, value)| format!("{name}: {}", String::from_utf8_lossy(value));
        let mut headers: Vec<String> = headers.map(line).collect();
        headers.sort();
        Self { status, headers }
    }
}

/// The implementation of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// The service without CORS. The cases that follow in the group are measured as the difference
    /// to this case.
    Without,
    /// A layer of the framework that does nothing.
    Identity,
    /// The smallest correct code for one policy.
    Minimal,
    /// The smallest correct code, with the additions of cors-runtime. See
    /// [`by_hand`](crate::by_hand).
    Strict,
    /// cors-runtime.
    Ours,
    /// The crate that most applications use today.
    Peer,
}

type Start = Box<dyn Fn(&Template) -> Box<dyn Measured>>;

pub(crate) struct Case {
    pub(crate) role: Role,
    pub(crate) name: &'static str,
    start: Start,
}

/// The implementations that are compared under one request.
pub(crate) struct Group {
    /// `section/request`.
    pub(crate) name: String,
    pub(crate) cases: Vec<Case>,
    /// The number of requests of a batch.
    pub(crate) requests: usize,
    template: Template,
}

impl Group {
    pub(crate) fn new(name: String, template: Template) -> Self {
        let requests = if template.size() > 8_000 { 4 } else { 128 };
        Self {
            name,
            cases: Vec::new(),
            requests,
            template,
        }
    }

    /// Adds a case. `start` makes the service just before the case is measured.
    pub(crate) fn case<M: Measured + 'static>(
        mut self,
        role: Role,
        name: &'static str,
        start: impl Fn(&Template) -> M + 'static,
    ) -> Self {
        let start: Start = Box::new(move |template| Box::new(start(template)));
        self.cases.push(Case { role, name, start });
        self
    }

    pub(crate) fn start(&self, case: &Case) -> Box<dyn Measured> {
        (case.start)(&self.template)
    }

    /// Returns the name of a case of the group: `section/request/implementation`.
    pub(crate) fn name_of(&self, case: &Case) -> String {
        format!("{}/{}", self.name, case.name)
    }

    pub(crate) fn section(&self) -> &str {
        self.name
            .split_once('/')
            .map_or(&self.name, |(section, _)| section)
    }

    pub(crate) fn request(&self) -> &str {
        self.name.split_once('/').map_or("", |(_, request)| request)
    }

    /// Returns whether the name of a case contains one of the filters. Empty filters select all.
    pub(crate) fn is_selected(&self, filters: &[String]) -> bool {
        let contains = |name: &str| filters.iter().any(|filter| name.contains(filter));
        filters.is_empty() || self.cases.iter().any(|case| contains(&self.name_of(case)))
    }
}
