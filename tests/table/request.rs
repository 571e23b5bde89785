//! A request as plain data: the adapters do not agree on a version of `http`.

use crate::services::Service;

pub(crate) const ORIGIN: &str = "origin";
pub(crate) const ACRM: &str = "access-control-request-method";
pub(crate) const ACRH: &str = "access-control-request-headers";

#[derive(Clone, Debug)]
pub(crate) struct PlainRequest {
    /// Who is asked, where a whole service has one policy. Routers go by the path.
    pub(crate) service: Service,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// Names in lower case; the order and the lines are kept.
    pub(crate) lines: Vec<(&'static str, Vec<u8>)>,
}

pub(crate) fn request(service: Service, method: &'static str) -> PlainRequest {
    PlainRequest {
        service,
        method,
        path: service.path(),
        lines: Vec::new(),
    }
}

/// What a browser asks before a request of that method.
pub(crate) fn preflight(service: Service, method: impl AsRef<[u8]>) -> PlainRequest {
    request(service, "OPTIONS").line(ACRM, method)
}

impl PlainRequest {
    pub(crate) fn line(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.lines.push((name, value.as_ref().to_vec()));
        self
    }

    pub(crate) fn from(self, origin: impl AsRef<[u8]>) -> Self {
        self.line(ORIGIN, origin)
    }

    /// One line of the header names that a preflight asks for.
    pub(crate) fn names(self, names: impl AsRef<[u8]>) -> Self {
        self.line(ACRH, names)
    }

    pub(crate) fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    fn has(&self, name: &str) -> bool {
        self.lines.iter().any(|(line, _)| *line == name)
    }

    /// Fetch, "CORS-preflight request". Presence decides, not value.
    pub(crate) fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.has(ORIGIN) && self.has(ACRM)
    }
}
