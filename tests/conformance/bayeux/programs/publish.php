<?php [, $gateway, $key, $channel, $text] = $argv;  // publish.php GATEWAY KEY CHANNEL TEXT
$http = ["method" => "POST", "header" => "Authorization: Bearer $key\r\nContent-Type: application/json", "content" => json_encode([["channel" => $channel, "data" => $text]])];
echo file_get_contents("$gateway/cometd", false, stream_context_create(["http" => $http]));
