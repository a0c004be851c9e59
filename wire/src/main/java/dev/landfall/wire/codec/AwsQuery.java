package dev.landfall.wire.codec;
final class AwsQuery { static final WireProtocol QUERY = AwsJson.VERSION_1_1; static final WireProtocol EC2 = QUERY; }
