package dev.landfall.wire.codec;
final class Rest { static final WireProtocol JSON = AwsJson.VERSION_1_1; static final WireProtocol XML = JSON; }
