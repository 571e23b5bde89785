use cors_runtime::{Policy, policy};

static COLONS: Policy = policy! { origins: ["https://app.example.com"], credentials: true };

static SEMICOLONS: Policy = policy! {
    origins = ["https://app.example.com"];
    credentials;
};

fn main() {}
