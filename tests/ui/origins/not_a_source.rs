use cors_runtime::axum::cors;
use cors_runtime::{OriginList, Policy, RequestHead, policy};

const APP: &str = "https://app.example.com";
static APPS: [&str; 1] = ["https://app.example.com"];
const LIST: OriginList = OriginList::from_env("ORIGINS");

fn without_head(_: &str) -> bool {
    false
}

fn by_value(_: String, _: &RequestHead<'_>) -> bool {
    false
}

fn says_nothing(_: &str, _: &RequestHead<'_>) {}

async fn takes_its_time(_: &str, _: &RequestHead<'_>) -> bool {
    false
}

#[cors(origins = [APP])]
async fn string() {}

#[cors(origins = ["https://app.example.com", APPS])]
async fn strings() {}

#[cors(origins = [without_head])]
async fn one_argument() {}

#[cors(origins = [by_value])]
async fn owned() {}

#[cors(origins = [says_nothing])]
async fn no_answer() {}

#[cors(origins = [takes_its_time])]
async fn future() {}

#[cors(origins = [LIST])]
async fn no_static() {}

static POLICY: Policy = policy! { origins = [APP] };

fn main() {}
