//! The rules that judge: layers with origins, strictest wins.
