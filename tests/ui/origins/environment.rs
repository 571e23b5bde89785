use cors_runtime::axum::cors;

#[cors(origins = [env!("APP_ORIGIN")])]
async fn at_compile_time() {}

#[cors(origins = [option_env!("APP_ORIGIN")])]
async fn perhaps() {}

#[cors(origins = [std::env::var("APP_ORIGIN").unwrap()])]
async fn at_run_time() {}

fn main() {}
