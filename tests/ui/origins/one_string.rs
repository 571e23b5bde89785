use cors_runtime::axum::cors;

#[cors(origins = "https://app.example.com")]
async fn one() {}

#[cors(origins = "https://a.example.com, https://b.example.com")]
async fn as_in_a_header() {}

#[cors(origins = "app.example.com")]
async fn without_a_scheme() {}

#[cors(origins = "null")]
async fn null() {}

#[cors(origins = r"https://app\.example\.com")]
async fn regex() {}

#[cors(origins = r"a.example.com, https://b.example.com/,")]
async fn list() {}

#[cors(origins = "")]
async fn empty() {}

#[cors(origins = "*", methods = "get, any")]
async fn method() {}

#[cors(origins = ["https://a.example.com"], enforce, hosts = "http://localhost:3000/")]
async fn host() {}

fn main() {}
